package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What protobuf's own classes make of a request, beside what Weir makes of it. Belongs to one thread. */
final class ProtobufOracle {
    private static final Pattern LENGTH = Pattern.compile("a length of (\\d+) where.*");

    private final TraceIndex index = new TraceIndex();
    private final SpanView view = new SpanView();
    private final ViewsTest views = new ViewsTest();

    /** Whether both accept; fails when they differ, except where {@link OtlpCheck} says they do. */
    static boolean agrees(Signal signal, byte[] bytes, String what) {
        String refusal = refusal(signal, bytes);
        boolean protobufAccepts = protobufAccepts(signal, bytes);
        if (signal == Signal.TRACES) {
            String indexRefusal = "";
            try {
                new TraceIndex().index(bytes, 0, bytes.length);
            } catch (MalformedOtlpException e) {
                indexRefusal = String.valueOf(e.getMessage());
            }
            assertThat(indexRefusal).as(what).isEqualTo(refusal);
        }
        if (!refusal.isEmpty() && protobufAccepts) {
            assertThat(knownDifference(refusal)).as(what + ": " + refusal).isTrue();
        } else {
            assertThat(refusal.isEmpty()).as(what + ": " + refusal).isEqualTo(protobufAccepts);
        }
        return refusal.isEmpty();
    }

    private static boolean knownDifference(String refusal) {
        Matcher length = LENGTH.matcher(refusal);
        return refusal.startsWith("an id of")
                || refusal.startsWith("field number 0 or beyond 2^29")
                || (length.matches() && Long.parseUnsignedLong(length.group(1)) >>> 32 != 0);
    }

    private static String refusal(Signal signal, byte[] bytes) {
        try {
            OtlpCheck.check(signal, bytes, 0, bytes.length);
            return "";
        } catch (MalformedOtlpException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static boolean protobufAccepts(Signal signal, byte[] bytes) {
        try {
            RandomOtlp.parse(signal, bytes);
            return true;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    static int items(Signal signal, byte[] bytes) throws InvalidProtocolBufferException {
        int items = 0;
        switch (signal) {
            case TRACES -> {
                for (ResourceSpans resource :
                        ExportTraceServiceRequest.parseFrom(bytes).getResourceSpansList()) {
                    for (ScopeSpans scope : resource.getScopeSpansList()) {
                        items += scope.getSpansCount();
                    }
                }
            }
            case LOGS -> {
                for (ResourceLogs resource :
                        ExportLogsServiceRequest.parseFrom(bytes).getResourceLogsList()) {
                    for (ScopeLogs scope : resource.getScopeLogsList()) {
                        items += scope.getLogRecordsCount();
                    }
                }
            }
            case METRICS -> {
                for (ResourceMetrics resource :
                        ExportMetricsServiceRequest.parseFrom(bytes).getResourceMetricsList()) {
                    for (ScopeMetrics scope : resource.getScopeMetricsList()) {
                        for (Metric metric : scope.getMetricsList()) {
                            items += points(metric);
                        }
                    }
                }
            }
        }
        return items;
    }

    private static int points(Metric metric) {
        return metric.getGauge().getDataPointsCount()
                + metric.getSum().getDataPointsCount()
                + metric.getHistogram().getDataPointsCount()
                + metric.getExponentialHistogram().getDataPointsCount()
                + metric.getSummary().getDataPointsCount();
    }

    /** Fails when Weir reads anything else from a request that it accepts. */
    void assertReadsTheSame(Signal signal, byte[] bytes) throws Exception {
        assertThat(OtlpCheck.check(signal, bytes, 0, bytes.length).items()).isEqualTo(items(signal, bytes));
        if (signal != Signal.TRACES) {
            return;
        }
        ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(bytes);
        index.index(bytes, 0, bytes.length);
        int resources = 0;
        int scopes = 0;
        int spans = 0;
        for (ResourceSpans resource : request.getResourceSpansList()) {
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                for (Span span : scope.getSpansList()) {
                    assertThat(index.scopeOf(spans)).isEqualTo(scopes);
                    assertSpan(spans++, span);
                }
                assertThat(index.resourceOf(scopes++)).isEqualTo(resources);
            }
            resources++;
        }
        assertThat(index.resources()).isEqualTo(resources);
        assertThat(index.scopes()).isEqualTo(scopes);
        assertThat(index.spans()).isEqualTo(spans);
    }

    private void assertSpan(int i, Span span) {
        byte[] traceId = span.getTraceId().toByteArray();
        assertThat(index.traceIdHigh(i)).isEqualTo(traceId.length == 0 ? 0 : Wire.bigEndian64(traceId, 0));
        assertThat(index.traceIdLow(i)).isEqualTo(traceId.length == 0 ? 0 : Wire.bigEndian64(traceId, 8));
        assertThat(index.startNanos(i)).isEqualTo(span.getStartTimeUnixNano());
        assertThat(index.endNanos(i)).isEqualTo(span.getEndTimeUnixNano());
        int status = span.getStatus().getCodeValue();
        boolean known = status >= 0 && status <= TraceIndex.STATUS_ERROR;
        byte[] parent = span.getParentSpanId().toByteArray();
        boolean root = parent.length == 0 || Wire.fixed64(parent, 0) == 0;
        assertThat(index.flags(i)).isEqualTo((known ? status : TraceIndex.STATUS_MASK) | (root ? TraceIndex.ROOT : 0));
        // Views look at the last of a message that comes in parts, where protobuf merges them; no encoder writes that.
        if (index.spanEnd(i) - index.spanFrom(i) == span.getSerializedSize()) {
            views.assertSpan(view.reset(index, i), span);
        }
    }
}
