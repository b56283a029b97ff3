package weir.e2e;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import weir.otlp.Signal;

/**
 * Backends over OTLP/HTTP on one port, each at a path of its own, for all signals: each item that came, as text, with its
 * resource and scope, and attributes in the order of their keys. Safe for any thread.
 */
final class ItemBackends implements AutoCloseable {
    private final Map<String, List<String>> items = new ConcurrentHashMap<>();
    private final OtlpHttpServer server = new OtlpHttpServer(this::take);

    int port() {
        return server.port();
    }

    private void take(String backend, Signal signal, byte[] request) throws IOException {
        take(signal, request, items.computeIfAbsent(backend, b -> new CopyOnWriteArrayList<>()));
    }

    private static void take(Signal signal, byte[] body, List<String> to) throws IOException {
        switch (signal) {
            case TRACES ->
                ExportTraceServiceRequest.parseFrom(body)
                        .getResourceSpansList()
                        .forEach(r -> r.getScopeSpansList()
                                .forEach(s ->
                                        s.getSpansList().forEach(i -> to.add(text(r.getResource(), s.getScope(), i)))));
            case LOGS ->
                ExportLogsServiceRequest.parseFrom(body)
                        .getResourceLogsList()
                        .forEach(r -> r.getScopeLogsList()
                                .forEach(s -> s.getLogRecordsList()
                                        .forEach(i -> to.add(text(r.getResource(), s.getScope(), i)))));
            case METRICS ->
                ExportMetricsServiceRequest.parseFrom(body)
                        .getResourceMetricsList()
                        .forEach(r -> r.getScopeMetricsList()
                                .forEach(s -> s.getMetricsList()
                                        .forEach(m -> points(m)
                                                .forEach(p -> to.add(
                                                        m.getName() + text(r.getResource(), s.getScope(), p))))));
        }
    }

    private static List<? extends Message> points(Metric metric) {
        return switch (metric.getDataCase()) {
            case GAUGE -> metric.getGauge().getDataPointsList();
            case SUM -> metric.getSum().getDataPointsList();
            case HISTOGRAM -> metric.getHistogram().getDataPointsList();
            case EXPONENTIAL_HISTOGRAM -> metric.getExponentialHistogram().getDataPointsList();
            case SUMMARY -> metric.getSummary().getDataPointsList();
            case DATA_NOT_SET -> List.of();
        };
    }

    private static String text(Resource resource, Message scope, Message item) {
        return String.join(" | ", sorted(resource), sorted(scope), sorted(item));
    }

    /** A message that is not there is one that says nothing. */
    private static String sorted(Message message) {
        Message.Builder sorted = message.toBuilder();
        var attributes = message.getDescriptorForType().findFieldByName("attributes");
        sorted.clearField(attributes);
        ((List<?>) message.getField(attributes))
                .stream()
                        .map(KeyValue.class::cast)
                        .sorted(Comparator.comparing(KeyValue::getKey))
                        .forEach(a -> sorted.addRepeatedField(attributes, a));
        return TextFormat.printer()
                .emittingSingleLine(true)
                .printToString(sorted.build())
                .replaceAll(" ?(status|body|positive|negative) \\{ }", "")
                .strip();
    }

    /** What each backend has received. */
    Map<String, List<String>> items() {
        return new HashMap<>(items);
    }

    @Override
    public void close() {
        server.close();
    }
}
