package weir.e2e;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import weir.otlp.Signal;

/** Requests whose items have few keys and values, so that processors find something in them. The same for the same seed. */
final class RandomItems {
    private static final List<String> TEXTS = List.of(
            "",
            "17",
            "+5",
            "-2.5",
            "1e3",
            "17x",
            "abc",
            "Abc",
            "k17x",
            "ab12",
            "true",
            "999999999999999999999",
            "\u00e4\u20ac");
    private static final List<String> STATES = List.of(
            "",
            "",
            "",
            "",
            "a=1,b=2",
            " a=1 ,,b=2",
            "ot=th:8",
            "ot=th:c,a=1",
            "a=1,ot=th:0",
            "ot=th:fff",
            "ot=th:8000",
            "ot=rv:00000000000001",
            "ot=rv:fffffffffffff0;th:c",
            "ot=th:c;rv:C0000000000000;x:Y.z",
            "ot=x:y",
            "ot=th:zz",
            "ot=",
            "ot=th:8;",
            "no state",
            "UPPER=1",
            "ot=rv:123");
    private static final List<AnyValue> PRIORITIES = List.of(
            integer(0),
            integer(1),
            integer(-1),
            number(0),
            number(0.5),
            text("0"),
            text("1"),
            text("2e1"),
            text("no"),
            flag(true));

    private final Random random;
    private final Signal signal;
    private long number;

    RandomItems(long seed, Signal signal) {
        this.random = new Random(seed + signal.ordinal());
        this.signal = signal;
    }

    Message request() {
        return switch (signal) {
            case TRACES -> {
                var request = ExportTraceServiceRequest.newBuilder();
                for (int r = 0; r < 3; r++) {
                    var resource = request.addResourceSpansBuilder().setResource(resource());
                    for (int s = 0; s < 2; s++) {
                        var scope = resource.addScopeSpansBuilder().setScope(scope());
                        for (int i = 0; i < 8; i++) {
                            scope.addSpans(span());
                        }
                    }
                }
                yield request.build();
            }
            case LOGS -> {
                var request = ExportLogsServiceRequest.newBuilder();
                for (int r = 0; r < 3; r++) {
                    var scope = request.addResourceLogsBuilder()
                            .setResource(resource())
                            .addScopeLogsBuilder()
                            .setScope(scope());
                    for (int i = 0; i < 12; i++) {
                        scope.addLogRecords(record());
                    }
                }
                yield request.build();
            }
            case METRICS -> {
                var request = ExportMetricsServiceRequest.newBuilder();
                var scope = request.addResourceMetricsBuilder()
                        .setResource(resource())
                        .addScopeMetricsBuilder()
                        .setScope(scope());
                for (int i = 0; i < 10; i++) {
                    scope.addMetrics(metric(i % 5));
                }
                yield request.build();
            }
        };
    }

    private Resource resource() {
        Resource.Builder resource = Resource.newBuilder();
        if (random.nextInt(4) > 0) {
            resource.addAttributes(attribute(
                    "service.name", random.nextInt(4) == 0 ? integer(17) : text(pick(List.of("shop", "cart", "sh")))));
        }
        if (random.nextBoolean()) {
            resource.addAttributes(attribute("zone", text(pick(List.of("a", "b")))));
        }
        return resource.addAttributes(attribute("host", text("node-" + random.nextInt(3))))
                .addAttributes(attribute("number", random.nextBoolean() ? integer(3) : number(1e21)))
                .addAttributes(attribute("secret", text("x")))
                .build();
    }

    private InstrumentationScope scope() {
        return InstrumentationScope.newBuilder()
                .setName(pick(List.of("lib", "lab", "")))
                .setVersion(pick(List.of("", "1", "2")))
                .build();
    }

    private Span span() {
        byte[] spanId = ByteString.copyFromUtf8(String.format("%08d", ++number)).toByteArray();
        Span.Builder span = Span.newBuilder()
                .setSpanId(ByteString.copyFrom(spanId))
                .setName(pick(List.of("get", "get /", "put", "")))
                .setKindValue(random.nextInt(6))
                .setStartTimeUnixNano(1_700_000_000_000_000_000L + number)
                .setTraceState(pick(STATES))
                .addAllAttributes(attributes());
        if (random.nextInt(20) > 0) {
            span.setTraceId(id());
        }
        if (random.nextInt(10) == 0) {
            span.addAttributes(attribute("sampling.priority", pick(PRIORITIES)));
        }
        return span.build();
    }

    private LogRecord record() {
        LogRecord.Builder record = LogRecord.newBuilder()
                .setTimeUnixNano(++number)
                .setSeverityNumber(SeverityNumber.forNumber(random.nextInt(25)))
                .setSeverityText(pick(List.of("", "WARN", "ERROR")))
                .addAllAttributes(attributes());
        if (random.nextInt(5) > 0) {
            record.setBody(pick(List.of(
                    text("started"),
                    text("stopped"),
                    integer(17),
                    flag(true),
                    AnyValue.newBuilder()
                            .setKvlistValue(io.opentelemetry.proto.common.v1.KeyValueList.newBuilder()
                                    .addValues(attribute("k", text("v"))))
                            .build())));
        }
        if (random.nextInt(4) > 0) {
            record.setTraceId(id());
        }
        if (random.nextInt(6) == 0) {
            record.addAttributes(attribute(
                    "sampling.threshold", text(pick(List.of("8", "c000", "0", "zz", "", "123456789abcdef")))));
        }
        if (random.nextInt(6) == 0) {
            record.addAttributes(attribute(
                    "sampling.randomness",
                    text(pick(List.of("00000000000001", "fffffffffffff0", "C0000000000000", "12")))));
        }
        if (random.nextInt(3) == 0) {
            record.addAttributes(attribute(
                    "share",
                    pick(List.of(integer(0), integer(50), integer(100), integer(150), number(12.5), text("9")))));
        }
        return record.build();
    }

    private Metric metric(int kind) {
        Metric.Builder metric = Metric.newBuilder();
        for (int i = 0; i < 3; i++) {
            long time = ++number;
            switch (kind) {
                case 0 ->
                    metric.setName("gauge")
                            .getGaugeBuilder()
                            .addDataPoints(NumberDataPoint.newBuilder()
                                    .setTimeUnixNano(time)
                                    .setAsInt(i)
                                    .addAllAttributes(attributes()));
                case 1 ->
                    metric.setName("a sum")
                            .getSumBuilder()
                            .addDataPoints(NumberDataPoint.newBuilder()
                                    .setTimeUnixNano(time)
                                    .setAsDouble(i)
                                    .addAllAttributes(attributes()));
                case 2 ->
                    metric.setName("histogram")
                            .getHistogramBuilder()
                            .addDataPoints(HistogramDataPoint.newBuilder()
                                    .setTimeUnixNano(time)
                                    .addAllAttributes(attributes()));
                case 3 ->
                    metric.setName("exponential")
                            .getExponentialHistogramBuilder()
                            .addDataPoints(ExponentialHistogramDataPoint.newBuilder()
                                    .setTimeUnixNano(time)
                                    .addAllAttributes(attributes()));
                default ->
                    metric.setName("summary")
                            .getSummaryBuilder()
                            .addDataPoints(SummaryDataPoint.newBuilder()
                                    .setTimeUnixNano(time)
                                    .addAllAttributes(attributes()));
            }
        }
        return metric.build();
    }

    private ByteString id() {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return ByteString.copyFrom(id);
    }

    /** No key twice, in any order. */
    private List<KeyValue> attributes() {
        List<KeyValue> all = new ArrayList<>();
        some(all, "text", text(pick(TEXTS)));
        some(all, "number", integer(pick(List.of(0L, 17L, -5L, Long.MAX_VALUE))));
        some(all, "ratio", number(pick(List.of(2.5, 0.0, 1e21, 1e-7, -17.0, 123456789.125))));
        some(all, "flag", flag(random.nextBoolean()));
        some(
                all,
                "list",
                AnyValue.newBuilder()
                        .setArrayValue(
                                ArrayValue.newBuilder().addValues(text("a")).addValues(integer(1)))
                        .build());
        some(
                all,
                "raw",
                AnyValue.newBuilder()
                        .setBytesValue(ByteString.copyFrom(new byte[random.nextInt(3)]))
                        .build());
        some(all, "k", pick(List.of(text("17"), text("k17x"), integer(17), integer(2), number(2.5), flag(true))));
        Collections.shuffle(all, random);
        return all;
    }

    private void some(List<KeyValue> to, String key, AnyValue value) {
        if (random.nextInt(3) > 0) {
            to.add(attribute(key, value));
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static KeyValue attribute(String key, AnyValue value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    private static AnyValue text(String value) {
        return AnyValue.newBuilder().setStringValue(value).build();
    }

    private static AnyValue integer(long value) {
        return AnyValue.newBuilder().setIntValue(value).build();
    }

    private static AnyValue number(double value) {
        return AnyValue.newBuilder().setDoubleValue(value).build();
    }

    private static AnyValue flag(boolean value) {
        return AnyValue.newBuilder().setBoolValue(value).build();
    }
}
