package weir.processor.filter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.Problem;
import weir.otlp.Batch;
import weir.otlp.OtlpCheck;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.Bound;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

/** What include and exclude of the filter leave; beside the collector: ProcessorsBesideCollectorTest. */
class SelectionTest {
    private final RecordingConsumer next = new RecordingConsumer();
    private final List<Delivery> deliveries = new ArrayList<>();
    private int dropped;
    private @Nullable ComponentContext context;

    @AfterEach
    void ledgerBalances() {
        if (context != null) {
            assertThat(context.ledger().difference()).isZero();
            assertThat(context.ledger().heldItems()).isZero();
        }
    }

    /** What is passed on; null: nothing. */
    private @Nullable Batch after(Signal signal, String yaml, byte[] request) throws Exception {
        ComponentContext of = TestContexts.of("processor", "filter", signal);
        context = of;
        Batch batch = OtlpCheck.check(signal, request, 0, request.length);
        new FilterProcessor(of, Bound.of(FilterConfig.class, yaml), next).consume(batch, deliveries::add);
        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
        dropped = (int) of.ledger().droppedItems(Reason.FILTERED);
        return next.batches().isEmpty() ? null : next.batches().getFirst();
    }

    private static byte[] spans() {
        var request = ExportTraceServiceRequest.newBuilder();
        for (String service : List.of("shop", "cart")) {
            var resource = request.addResourceSpansBuilder();
            resource.getResourceBuilder().addAttributes(Requests.text("service.name", service));
            for (String kind : List.of("a", "b")) {
                resource.addScopeSpansBuilder()
                        .addSpans(Span.newBuilder()
                                .setName(service + "-" + kind)
                                .setKind(
                                        kind.equals("a")
                                                ? Span.SpanKind.SPAN_KIND_SERVER
                                                : Span.SpanKind.SPAN_KIND_CLIENT)
                                .addAttributes(Requests.text("kind", kind)))
                        .getScopeBuilder()
                        .setName("lib-" + kind);
            }
        }
        return request.build().toByteArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "include: {match_type: strict, services: [shop]} | shop-a shop-b",
                "include: {match_type: regexp, span_names: ['a$']} | shop-a cart-a",
                "exclude: {match_type: strict, span_names: [shop-a, cart-b]} | shop-b cart-a",
                "exclude: {match_type: strict, services: [shop], span_kinds: [SPAN_KIND_SERVER]} | shop-b cart-a cart-b",
                "include: {match_type: strict, attributes: [{key: kind, value: a}]} | shop-a cart-a",
                "include: {match_type: strict, libraries: [{name: lib-b}]} | shop-b cart-b",
                "include: {match_type: strict, services: [shop]}, exclude: {match_type: strict, attributes: [{key: kind, value: a}]}"
                        + " | shop-b",
                "include: {match_type: strict, attributes: [{key: other}]} | ''"
            })
    void consume_spans_leavesWhatIsMeant(String selection, String left) throws Exception {
        Batch after = after(Signal.TRACES, "spans: {" + selection + "}", spans());

        List<String> names = new ArrayList<>();
        if (after != null) {
            ExportTraceServiceRequest.parser()
                    .parseFrom(after.bytes(), after.offset(), after.length())
                    .getResourceSpansList()
                    .forEach(r -> r.getScopeSpansList()
                            .forEach(s -> s.getSpansList().forEach(span -> names.add(span.getName()))));
            assertThat(after.items()).isEqualTo(names.size());
        }
        assertThat(String.join(" ", names)).isEqualTo(left);
        assertThat(dropped).isEqualTo(4 - names.size());
    }

    private static byte[] logs() {
        var request = ExportLogsServiceRequest.newBuilder();
        var resource = request.addResourceLogsBuilder();
        resource.getResourceBuilder().addAttributes(Requests.text("zone", "z"));
        for (int number : new int[] {0, 5, 9, 13, 17}) {
            resource.addScopeLogsBuilder()
                    .addLogRecords(LogRecord.newBuilder()
                            .setSeverityNumber(SeverityNumber.forNumber(number))
                            .setSeverityText("s" + number)
                            .setBody(AnyValue.newBuilder().setStringValue("body " + number))
                            .addAttributes(Requests.text("n", "" + number)));
        }
        return request.build().toByteArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "include: {severity_number: {min: INFO}} | 9 13 17",
                "include: {severity_number: {min: warn, match_undefined: true}} | 0 13 17",
                "exclude: {severity_number: {min: '17'}} | 0 5 9 13",
                "exclude: {severity_number: {min: DEBUG2}} | 0 5",
                "include: {severity_number: {}} | 5 9 13 17",
                "include: {match_type: regexp, bodies: ['[59]$']} | 5 9",
                "include: {match_type: strict, severity_texts: [s0, s9]}, exclude: {match_type: strict, bodies: [body 9]} | 0",
                "include: {match_type: strict, record_attributes: [{key: n, value: '13'}], resource_attributes: [{key: zone}]} | 13",
                "exclude: {match_type: strict, resource_attributes: [{key: zone, value: y}]} | 0 5 9 13 17",
                "include: {match_type: strict}, exclude: {} | 0 5 9 13 17"
            })
    void consume_logs_leavesWhatIsMeant(String selection, String left) throws Exception {
        Batch after = after(Signal.LOGS, "logs: {" + selection + "}", logs());

        List<String> numbers = new ArrayList<>();
        if (after != null) {
            ExportLogsServiceRequest.parser()
                    .parseFrom(after.bytes(), after.offset(), after.length())
                    .getResourceLogsList()
                    .forEach(r -> r.getScopeLogsList()
                            .forEach(s ->
                                    s.getLogRecordsList().forEach(l -> numbers.add("" + l.getSeverityNumberValue()))));
        }
        assertThat(String.join(" ", numbers)).isEqualTo(left);
        assertThat(dropped).isEqualTo(5 - numbers.size());
    }

    private static byte[] metrics() {
        var request = ExportMetricsServiceRequest.newBuilder();
        for (String zone : List.of("x", "y")) {
            var resource = request.addResourceMetricsBuilder();
            resource.getResourceBuilder().addAttributes(Requests.text("zone", zone));
            var scope = resource.addScopeMetricsBuilder();
            for (int points = 0; points < 3; points++) {
                Metric.Builder metric = scope.addMetricsBuilder().setName(zone + points);
                for (int i = 0; i < points; i++) {
                    metric.getGaugeBuilder().addDataPointsBuilder().setAsInt(i);
                }
            }
        }
        return request.build().toByteArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "include: {match_type: strict, metric_names: [x0, y2]} | x0 y2 | 4",
                "exclude: {match_type: regexp, metric_names: ['^x', '1$']} | y0 y2 | 4",
                "include: {match_type: strict, resource_attributes: [{key: zone, value: x}]} | x0 x1 x2 | 3",
                "include: {match_type: strict, metric_names: [x1, y1], resource_attributes: [{key: zone, value: x}]} | x1 | 5",
                "exclude: {match_type: strict, metric_names: [y1], resource_attributes: [{key: zone, value: x}]} | y0 y2 | 4"
            })
    void consume_metrics_leavesWhatIsMeant(String selection, String left, int droppedPoints) throws Exception {
        Batch after = after(Signal.METRICS, "metrics: {" + selection + "}", metrics());

        List<String> names = new ArrayList<>();
        if (after != null) {
            ExportMetricsServiceRequest.parser()
                    .parseFrom(after.bytes(), after.offset(), after.length())
                    .getResourceMetricsList()
                    .forEach(r -> r.getScopeMetricsList()
                            .forEach(s -> s.getMetricsList().forEach(m -> names.add(m.getName()))));
        }
        assertThat(String.join(" ", names)).isEqualTo(left);
        assertThat(dropped).isEqualTo(droppedPoints);
    }

    @Test
    void consume_allStay_passesTheSameBatchOn() throws Exception {
        byte[] request = spans();

        Batch after = after(Signal.TRACES, "spans: {exclude: {match_type: strict, span_names: [other]}}", request);

        assertThat(requireNonNull(after).bytes()).isSameAs(request);
    }

    @Test
    void reload_otherSelection_holdsFromThen() {
        ComponentContext of = TestContexts.of("processor", "filter", Signal.TRACES);
        context = of;
        FilterProcessor filter = new FilterProcessor(
                of, Bound.of(FilterConfig.class, "spans: {include: {match_type: strict, services: [shop]}}"), next);
        filter.reload(Bound.of(FilterConfig.class, "spans: {include: {match_type: strict, services: [none]}}"));

        filter.consume(Batch.of(Signal.TRACES, spans(), 4), deliveries::add);

        assertThat(next.batches()).isEmpty();
        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spans: {include: {match_type: strict}}",
                "spans: {include: {span_names: [a]}}",
                "spans: {include: {match_type: strict, metric_names: [a], span_names: [a]}}",
                "spans: {include: {match_type: strict, log_bodies: [a], span_names: [a]}}",
                "spans: {include: {match_type: strict, span_kinds: [CLIENT]}}",
                "spans: {include: {match_type: regexp, span_names: ['(']}}",
                "{spans: {include: {match_type: strict, span_names: [a]}}, traces: {span: ['name == \"a\"']}}",
                "{spans: {exclude: {match_type: strict, span_names: [a]}}, trace_conditions: ['span.name == \"a\"']}",
                "logs: {include: {bodies: [a]}}",
                "logs: {include: {match_type: regexp, record_attributes: [{key: a, value: 1}]}}",
                "logs: {include: {severity_number: {min: LOUD}}}",
                "logs: {include: {severity_number: {min: '25'}}}",
                "logs: {include: {severity_number: {min: INFO}}, log_record: ['body == nil']}",
                "{logs: {exclude: {severity_number: {min: INFO}}}, log_conditions: ['log.body == nil']}",
                "metrics: {include: {metric_names: [a]}}",
                "metrics: {include: {match_type: expr}}",
                "metrics: {include: {match_type: strict, metric_names: [a]}, metric: ['name == \"a\"']}",
                "{metrics: {exclude: {match_type: strict, metric_names: [a]}}, metric_conditions: ['metric.name == \"a\"']}"
            })
    void check_whatCannotBeUsed_isRefused(String yaml) {
        assertThat(Bound.problems(FilterConfig.class, yaml)).isNotEmpty();
    }

    @Test
    void check_expr_saysWhatToWrite() {
        assertThat(Problem.render(Bound.problems(FilterConfig.class, "metrics: {include: {match_type: expr}}"), false))
                .contains("write metric_conditions");
    }
}
