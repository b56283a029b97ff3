package weir.agent.routing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weir.hash.Membership;
import weir.hash.Mix;
import weir.otlp.Batch;
import weir.otlp.FieldCursor;
import weir.otlp.MalformedOtlpException;
import weir.otlp.ResourceSplit;
import weir.otlp.TraceIndex;
import weir.otlp.TraceSplit;

/**
 * Cuts requests by the owners of their keys. Holds the scratch that one request needs; to be used again and again, by one
 * thread at a time.
 */
final class Router {
    private static final byte[] SERVICE_NAME = "service.name".getBytes(StandardCharsets.US_ASCII);

    private final RoutingKey key;
    private final TraceIndex scratch = new TraceIndex();
    private final TraceSplit traces = new TraceSplit();
    private final ResourceSplit resources = new ResourceSplit();
    private final FieldCursor fields = new FieldCursor();
    private final FieldCursor inner = new FieldCursor();
    private final FieldCursor value = new FieldCursor();
    private int[] owner = new int[64];

    Router(RoutingKey key) {
        this.key = key;
    }

    /**
     * Cuts a request.
     *
     * @param parts where the part of each member goes, in the order of {@link Membership#members}; null for those who get
     *     nothing. The parts have bytes of their own, or those of the batch if one member gets all of it
     */
    void cut(Batch batch, Membership members, @Nullable Batch[] parts) throws MalformedOtlpException {
        if (key == RoutingKey.TRACE_ID) {
            cutTraces(batch, members, parts);
        } else {
            cutResources(batch, members, parts);
        }
    }

    private void cutTraces(Batch batch, Membership members, @Nullable Batch[] parts) throws MalformedOtlpException {
        TraceIndex index = batch.index(scratch);
        int spans = index.spans();
        room(spans);
        long high = 0;
        long low = 0;
        int to = -1;
        for (int i = 0; i < spans; i++) {
            if (to < 0 || index.traceIdHigh(i) != high || index.traceIdLow(i) != low) {
                high = index.traceIdHigh(i);
                low = index.traceIdLow(i);
                to = members.ownerOf(high, low);
            }
            owner[i] = to;
        }
        traces.split(index, owner, parts.length);
        for (int i = 0; i < parts.length; i++) {
            if (traces.spans(i) > 0) {
                parts[i] = traces.batch(i);
            }
        }
    }

    private void cutResources(Batch batch, Membership members, @Nullable Batch[] parts) {
        resources.index(batch);
        int count = resources.resources();
        room(count);
        for (int i = 0; i < count; i++) {
            owner[i] = members.owner(keyOf(batch.bytes(), resources.from(i), resources.end(i)));
        }
        for (int i = 0; i < count; i++) {
            if (parts[owner[i]] == null) {
                parts[owner[i]] = resources.batch(owner, owner[i]);
            }
        }
    }

    private void room(int n) {
        if (owner.length < n) {
            owner = new int[Math.max(n, 2 * owner.length)];
        }
    }

    /** The key of a ResourceSpans, ResourceMetrics or ResourceLogs: all have their Resource as field 1. */
    private long keyOf(byte[] b, int from, int end) {
        long sum = 0;
        fields.reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                inner.reset(b, fields.from(), fields.end());
                while (inner.next()) {
                    if (inner.isBytes(1)) {
                        sum = key == RoutingKey.SERVICE
                                ? service(b, inner.from(), inner.end(), sum)
                                : sum + Mix.hash(b, inner.from(), inner.end());
                    }
                }
            }
        }
        return Mix.mix(sum);
    }

    /** The hash of an attribute's value if it is the service's name; what was found before if not. */
    private long service(byte[] b, int from, int end, long before) {
        boolean named = false;
        long hash = before;
        value.reset(b, from, end);
        while (value.next()) {
            if (value.isBytes(1)) {
                named = Arrays.equals(b, value.from(), value.end(), SERVICE_NAME, 0, SERVICE_NAME.length);
            } else if (value.isBytes(2) && named) {
                hash = Mix.hash(b, value.from(), value.end());
            }
        }
        return hash;
    }
}
