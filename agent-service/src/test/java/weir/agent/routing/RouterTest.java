package weir.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import weir.hash.Member;
import weir.hash.Membership;
import weir.hash.Ring;
import weir.otlp.Batch;
import weir.otlp.Signal;

class RouterTest {
    private static final Membership THREE = Membership.of(
            IntStream.range(0, 3)
                    .mapToObj(i -> new Member("gateway-" + i, "10.0.0." + i + ":4317"))
                    .toList(),
            1);

    @Test
    void cut_byTraceId_sendsEachTraceToItsOwnerAndLosesNoSpan() throws Exception {
        Router router = new Router(RoutingKey.TRACE_ID, List.of());
        Map<ByteString, Integer> ownerOf = new HashMap<>();
        int[] spans = new int[3];
        for (int request = 0; request < 50; request++) {
            Batch batch = traces(request, 200, 40);
            List<Span> sent = spansOf(batch);
            List<Span> arrived = new ArrayList<>();
            @Nullable Batch[] parts = new Batch[3];
            router.cut(batch, THREE, parts);
            for (int to = 0; to < 3; to++) {
                Batch part = parts[to];
                if (part == null) {
                    continue;
                }
                List<Span> here = spansOf(part);
                assertThat(here).hasSize(part.items());
                spans[to] += here.size();
                for (Span span : here) {
                    assertThat(ownerOf.merge(span.getTraceId(), to, (a, b) -> a.equals(b) ? a : -1))
                            .isEqualTo(to);
                }
                arrived.addAll(here);
            }
            assertThat(arrived).containsExactlyInAnyOrderElementsOf(sent);
        }
        // 2000 traces of 5 spans: 6 standard deviations of what a fair draw gives each.
        assertThat(spans[0]).isBetween(2700, 3970);
        assertThat(spans[1]).isBetween(2700, 3970);
        assertThat(spans[2]).isBetween(2700, 3970);
    }

    @Test
    void cut_byService_keepsAServiceTogetherWhateverElseIsInItsResource() throws Exception {
        Router router = new Router(RoutingKey.SERVICE, List.of());
        Map<String, Integer> ownerOf = new HashMap<>();
        for (int pod = 0; pod < 20; pod++) {
            var request = ExportMetricsServiceRequest.newBuilder();
            for (int service = 0; service < 30; service++) {
                gauge(
                        request,
                        Resource.newBuilder()
                                .addAttributes(text("k8s.pod.name", "pod-" + pod))
                                .addAttributes(text("service.name", "service-" + service))
                                .build());
            }
            parts(router, request)
                    .forEach((to, part) -> part.getResourceMetricsList()
                            .forEach(r -> assertThat(ownerOf.merge(
                                            r.getResource()
                                                    .getAttributes(1)
                                                    .getValue()
                                                    .getStringValue(),
                                            to,
                                            (a, b) -> a.equals(b) ? a : -1))
                                    .isEqualTo(to)));
        }
        assertThat(ownerOf).hasSize(30).containsValues(0, 1, 2);
    }

    @Test
    void cut_byResource_doesNotDependOnTheOrderOfItsAttributes() throws Exception {
        Router router = new Router(RoutingKey.RESOURCE, List.of());
        boolean[] used = new boolean[3];
        for (int i = 0; i < 30; i++) {
            KeyValue a = text("service.name", "shop");
            KeyValue b = text("k8s.pod.name", "pod-" + i);
            var request = ExportMetricsServiceRequest.newBuilder();
            gauge(
                    request,
                    Resource.newBuilder().addAttributes(a).addAttributes(b).build());
            gauge(
                    request,
                    Resource.newBuilder().addAttributes(b).addAttributes(a).build());

            Map<Integer, ExportMetricsServiceRequest> parts = parts(router, request);

            assertThat(parts).hasSize(1);
            parts.forEach((to, part) -> used[to] = true);
        }
        assertThat(used).containsOnly(true);
    }

    @Test
    void cut_oneOwnerOfAll_passesTheRequestOnAsItIs() throws Exception {
        Batch batch = traces(1, 50, 1);
        @Nullable Batch[] parts = new Batch[3];

        new Router(RoutingKey.TRACE_ID, List.of()).cut(batch, THREE, parts);

        assertThat(parts)
                .filteredOn(p -> p != null)
                .singleElement()
                .satisfies(p -> assertThat(p.bytes()).isSameAs(batch.bytes()));
    }

    @Test
    void cut_manySpans_makesNoObjectPerSpan() throws Exception {
        Router router = new Router(RoutingKey.TRACE_ID, List.of());
        Batch batch = traces(1, 2000, 400);
        @Nullable Batch[] parts = new Batch[3];
        for (int i = 0; i < 50; i++) {
            router.cut(batch, THREE, parts);
        }
        var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        router.cut(batch, THREE, parts);
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;

        // The parts' bytes, and besides them less than 1 byte a span.
        long bytes = 0;
        for (Batch part : parts) {
            bytes += part == null ? 0 : part.length();
        }
        assertThat(allocated - bytes).isLessThan(2000);
    }

    @Test
    void cut_byAttributes_readsResourceThenScopeThenSpanThenFields() throws Exception {
        Router router = new Router(RoutingKey.ATTRIBUTES, List.of("tenant", "span.name"));
        var request = ExportTraceServiceRequest.newBuilder();
        for (int i = 0; i < 40; i++) {
            var resource = request.addResourceSpansBuilder();
            var scope = resource.addScopeSpansBuilder();
            var span = scope.addSpansBuilder().setName("name " + i / 4);
            String tenant = "t" + i / 4;
            span.setTraceId(ByteString.copyFrom(new byte[16])).setSpanId(ByteString.copyFrom(new byte[8]));
            // The same key four times: the tenant in the resource, scope or span, or below a resource that has another.
            switch (i % 4) {
                case 0 -> resource.getResourceBuilder().addAttributes(text("tenant", tenant));
                case 1 -> scope.getScopeBuilder().addAttributes(text("tenant", tenant));
                case 2 -> span.addAttributes(text("tenant", tenant));
                default -> {
                    resource.getResourceBuilder().addAttributes(text("tenant", tenant));
                    span.addAttributes(text("tenant", "another"));
                }
            }
        }
        @Nullable Batch[] parts = new Batch[3];

        router.cut(Batch.of(Signal.TRACES, request.build().toByteArray(), 40), THREE, parts);

        int spans = 0;
        for (Batch part : parts) {
            Map<String, Integer> names = new HashMap<>();
            for (Span span : part == null ? List.<Span>of() : spansOf(part)) {
                names.merge(span.getName(), 1, Integer::sum);
                spans++;
            }
            assertThat(names.values()).allMatch(n -> n == 4);
            assertThat(names).hasSizeBetween(1, 9);
        }
        assertThat(spans).isEqualTo(40);
    }

    @Test
    void cut_byServiceOnTheCollectorsRing_hashesTheKeyThatItForms() throws Exception {
        Membership ring =
                Membership.of(List.of(new Member("endpoint-1", "a:1"), new Member("endpoint-2", "b:1")), 1, Ring.CRC32);
        var metrics = ExportMetricsServiceRequest.newBuilder();
        var spans = ExportTraceServiceRequest.newBuilder();
        Resource resource = Resource.newBuilder()
                .addAttributes(text("service.name", "ad-service-7"))
                .build();
        gauge(metrics, resource);
        spans.addResourceSpansBuilder()
                .setResource(resource)
                .addScopeSpansBuilder()
                .addSpansBuilder();
        byte[] asAttribute = "service.name=ad-service-7|".getBytes(StandardCharsets.UTF_8);
        Router router = new Router(RoutingKey.SERVICE, List.of());

        @Nullable Batch[] ofMetrics = new Batch[2];
        router.cut(Batch.of(Signal.METRICS, metrics.build().toByteArray(), 1), ring, ofMetrics);
        @Nullable Batch[] ofSpans = new Batch[2];
        router.cut(Batch.of(Signal.TRACES, spans.build().toByteArray(), 1), ring, ofSpans);

        // The collector's own vector says that endpoint-2 owns the bare name.
        assertThat(ofMetrics[1]).isNotNull();
        assertThat(ofSpans[ring.ownerOf(asAttribute, 0, asAttribute.length)]).isNotNull();
    }

    @Test
    void cut_byMetricName_keepsAMetricOfAllResourcesTogether() throws Exception {
        Router router = new Router(RoutingKey.METRIC, List.of());
        var request = ExportMetricsServiceRequest.newBuilder();
        for (int r = 0; r < 3; r++) {
            var scope = request.addResourceMetricsBuilder()
                    .setResource(Resource.newBuilder().addAttributes(text("pod", "p" + r)))
                    .addScopeMetricsBuilder();
            for (int m = 0; m < 30; m++) {
                scope.addMetricsBuilder().setName("m" + m).getSumBuilder().addDataPointsBuilder();
            }
        }
        Map<String, Integer> ownerOf = new HashMap<>();

        cutMetrics(router, request)
                .forEach((to, part) -> part.getResourceMetricsList()
                        .forEach(r -> r.getScopeMetrics(0)
                                .getMetricsList()
                                .forEach(m -> assertThat(ownerOf.merge(m.getName(), to, (a, b) -> a.equals(b) ? a : -1))
                                        .isEqualTo(to))));

        assertThat(ownerOf).hasSize(30).containsValues(0, 1, 2);
    }

    @Test
    void cut_byStream_separatesSeriesAndKnowsThemWhateverTheOrderOfAttributes() throws Exception {
        Router router = new Router(RoutingKey.STREAM_ID, List.of());
        Map<String, Integer> ownerOf = new HashMap<>();
        for (boolean turned : new boolean[] {false, true}) {
            var request = ExportMetricsServiceRequest.newBuilder();
            var sum = request.addResourceMetricsBuilder()
                    .addScopeMetricsBuilder()
                    .addMetricsBuilder()
                    .setName("requests")
                    .setDescription(turned ? "said otherwise" : "said so")
                    .getSumBuilder();
            for (int i = 0; i < 60; i++) {
                KeyValue a = text("path", "/" + i);
                KeyValue b = text("code", "200");
                sum.addDataPointsBuilder()
                        .setTimeUnixNano(turned ? 2 : 1)
                        .addAttributes(turned ? b : a)
                        .addAttributes(turned ? a : b);
            }
            cutMetrics(router, request)
                    .forEach((to, part) -> part.getResourceMetrics(0)
                            .getScopeMetrics(0)
                            .getMetrics(0)
                            .getSum()
                            .getDataPointsList()
                            .forEach(p -> p.getAttributesList().stream()
                                    .filter(k -> k.getKey().equals("path"))
                                    .forEach(k -> assertThat(ownerOf.merge(
                                                    k.getValue().getStringValue(), to, (x, y) -> x.equals(y) ? x : -1))
                                            .isEqualTo(to))));
        }
        assertThat(ownerOf).hasSize(60).containsValues(0, 1, 2);
    }

    @Test
    void cut_logsByAttributes_readsTheRecordsOwn() throws Exception {
        Router router = new Router(RoutingKey.ATTRIBUTES, List.of("log.body"));
        var request = ExportLogsServiceRequest.newBuilder();
        var scope = request.addResourceLogsBuilder().addScopeLogsBuilder();
        for (int i = 0; i < 60; i++) {
            scope.addLogRecordsBuilder().setBody(AnyValue.newBuilder().setStringValue("line " + i % 20));
        }
        @Nullable Batch[] parts = new Batch[3];
        router.cut(Batch.of(Signal.LOGS, request.build().toByteArray(), 60), THREE, parts);

        int records = 0;
        for (Batch part : parts) {
            assertThat(part).isNotNull();
            Map<String, Integer> lines = new HashMap<>();
            if (part != null) {
                records += part.items();
                ExportLogsServiceRequest.parseFrom(ByteString.copyFrom(part.bytes(), part.offset(), part.length()))
                        .getResourceLogs(0)
                        .getScopeLogs(0)
                        .getLogRecordsList()
                        .forEach(r -> lines.merge(r.getBody().getStringValue(), 1, Integer::sum));
            }
            assertThat(lines.values()).allMatch(n -> n == 3);
        }
        assertThat(records).isEqualTo(60);
    }

    /** The parts of a request, whose items are data points. */
    private static Map<Integer, ExportMetricsServiceRequest> cutMetrics(
            Router router, ExportMetricsServiceRequest.Builder request) throws Exception {
        @Nullable Batch[] parts = new Batch[3];
        router.cut(Batch.of(Signal.METRICS, request.build().toByteArray(), 1), THREE, parts);
        Map<Integer, ExportMetricsServiceRequest> made = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            Batch part = parts[i];
            if (part != null) {
                made.put(
                        i,
                        ExportMetricsServiceRequest.parseFrom(
                                ByteString.copyFrom(part.bytes(), part.offset(), part.length())));
            }
        }
        return made;
    }

    private static Map<Integer, ExportMetricsServiceRequest> parts(
            Router router, ExportMetricsServiceRequest.Builder request) throws Exception {
        byte[] bytes = request.build().toByteArray();
        @Nullable Batch[] parts = new Batch[3];
        router.cut(Batch.of(Signal.METRICS, bytes, request.getResourceMetricsCount()), THREE, parts);
        Map<Integer, ExportMetricsServiceRequest> made = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            Batch part = parts[i];
            if (part != null) {
                made.put(
                        i,
                        ExportMetricsServiceRequest.parseFrom(
                                ByteString.copyFrom(part.bytes(), part.offset(), part.length())));
                assertThat(part.items()).isEqualTo(made.get(i).getResourceMetricsCount());
            }
        }
        return made;
    }

    private static void gauge(ExportMetricsServiceRequest.Builder request, Resource resource) {
        request.addResourceMetricsBuilder()
                .setResource(resource)
                .addScopeMetricsBuilder()
                .addMetricsBuilder()
                .setName("up")
                .getGaugeBuilder()
                .addDataPointsBuilder()
                .setAsInt(1);
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    static List<Span> spansOf(Batch batch) throws Exception {
        List<Span> spans = new ArrayList<>();
        ExportTraceServiceRequest.parseFrom(ByteString.copyFrom(batch.bytes(), batch.offset(), batch.length()))
                .getResourceSpansList()
                .forEach(r -> r.getScopeSpansList().forEach(s -> spans.addAll(s.getSpansList())));
        return spans;
    }

    /** Spans of several services, spread over so many traces. */
    static Batch traces(int seed, int spans, int traces) {
        Random random = new Random(seed);
        long[] high = random.longs(traces).toArray();
        long[] low = random.longs(traces).toArray();
        var request = ExportTraceServiceRequest.newBuilder();
        for (int i = 0; i < spans; i++) {
            if (i % 50 == 0) {
                request.addResourceSpansBuilder()
                        .setResource(Resource.newBuilder().addAttributes(text("service.name", "service-" + i)))
                        .addScopeSpansBuilder();
            }
            ByteBuffer id = ByteBuffer.allocate(16).putLong(high[i % traces]).putLong(low[i % traces]);
            request.getResourceSpansBuilder(i / 50)
                    .getScopeSpansBuilder(0)
                    .addSpansBuilder()
                    .setTraceId(ByteString.copyFrom(id.flip()))
                    .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, (byte) (i >> 8), (byte) i}))
                    .setName("span " + i);
        }
        return Batch.of(Signal.TRACES, request.build().toByteArray(), spans);
    }
}
