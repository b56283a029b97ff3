package weir.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import weir.otlp.Signal;

/** Backends over OTLP/HTTP on one port, each at a path of its own: which spans came, and as what. Safe for any thread. */
final class ManyBackends implements AutoCloseable {
    /** What a span says, without what samplers write on it: of its resource and scope, too. */
    static int content(Resource resource, ScopeSpans scope, Span span) {
        // A status that is not there is one that says nothing.
        Span.Builder bare = span.toBuilder().setStatus(span.getStatus()).clearAttributes();
        span.getAttributesList().stream()
                .filter(a -> !a.getKey().startsWith("tailsampling."))
                .forEach(bare::addAttributes);
        return Arrays.hashCode(new int[] {
            resource.toByteString().hashCode(),
            scope.getScope().toByteString().hashCode(),
            bare.build().toByteString().hashCode()
        });
    }

    private final Map<String, Map<Long, Integer>> arrived = new ConcurrentHashMap<>();
    private final Map<String, String> amiss = new ConcurrentHashMap<>();
    private final OtlpHttpServer server = new OtlpHttpServer(this::take);

    int port() {
        return server.port();
    }

    private void take(String backend, Signal signal, byte[] request) throws InvalidProtocolBufferException {
        try {
            take(backend, ExportTraceServiceRequest.parseFrom(request));
        } catch (InvalidProtocolBufferException e) {
            amiss.putIfAbsent("a request", e.toString());
            throw e;
        }
    }

    private void take(String backend, ExportTraceServiceRequest request) {
        Map<Long, Integer> spans = arrived.computeIfAbsent(backend, b -> new ConcurrentHashMap<>());
        for (ResourceSpans resource : request.getResourceSpansList()) {
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                for (Span span : scope.getSpansList()) {
                    long id = RandomTraces.number(span);
                    if (spans.put(id, content(resource.getResource(), scope, span)) != null) {
                        amiss.putIfAbsent(backend, "span " + id + " came twice");
                    }
                }
            }
        }
    }

    /** The spans that a backend has received: their ids, and what they said. */
    Map<Long, Integer> spans(String backend) {
        return new HashMap<>(arrived.getOrDefault(backend, Map.of()));
    }

    /** Spans that came twice, and requests that were none. */
    Map<String, String> amiss() {
        return Map.copyOf(amiss);
    }

    @Override
    public void close() {
        server.close();
    }
}
