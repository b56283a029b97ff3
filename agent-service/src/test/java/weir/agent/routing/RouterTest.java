package weir.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
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
        Router router = new Router(RoutingKey.TRACE_ID);
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
        Router router = new Router(RoutingKey.SERVICE);
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
        Router router = new Router(RoutingKey.RESOURCE);
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

        new Router(RoutingKey.TRACE_ID).cut(batch, THREE, parts);

        assertThat(parts)
                .filteredOn(p -> p != null)
                .singleElement()
                .satisfies(p -> assertThat(p.bytes()).isSameAs(batch.bytes()));
    }

    @Test
    void cut_manySpans_makesNoObjectPerSpan() throws Exception {
        Router router = new Router(RoutingKey.TRACE_ID);
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
