package weir.agent.routing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.hash.Membership;
import weir.hash.Mix;
import weir.otlp.AttributeCursor;
import weir.otlp.Batch;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Output;
import weir.otlp.ResourceSplit;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;
import weir.otlp.TraceSplit;
import weir.otlp.TreeSplit;
import weir.otlp.ValueType;

/**
 * Cuts requests by the owners of their keys. Holds the scratch that one request needs; to be used again and again, by one
 * thread at a time.
 */
final class Router {
    private static final byte[] SERVICE_NAME = "service.name".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVICE_KEY = "service.name=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BAR = {'|'};

    private final RoutingKey key;
    private final AttributeKeys attributeKeys;
    private final StreamKeys streams = new StreamKeys();
    private final TraceIndex scratch = new TraceIndex();
    private final TraceSplit traces = new TraceSplit();
    private final ResourceSplit resources = new ResourceSplit();
    private final TreeSplit tree = new TreeSplit();
    private final FieldCursor fields = new FieldCursor();
    private final FieldCursor inner = new FieldCursor();
    private final AttributeCursor attributes = new AttributeCursor();
    private final Output text = new Output(64);
    private final int[] ranges = new int[6];
    private int[] owner = new int[64];

    /** @param names the attributes of keys that are attributes, in their order */
    Router(RoutingKey key, List<String> names) {
        this.key = key;
        this.attributeKeys = new AttributeKeys(names);
    }

    /**
     * Cuts a request.
     *
     * @param parts where the part of each member goes, in the order of {@link Membership#members}; null for those who get
     *     nothing. The parts have bytes of their own, or those of the batch if one member gets all of it
     */
    void cut(Batch batch, Membership members, @Nullable Batch[] parts) throws MalformedOtlpException {
        switch (key) {
            case TRACE_ID -> cutTraces(batch, members, parts);
            case SERVICE, RESOURCE -> cutResources(batch, members, parts);
            case METRIC -> cutTree(batch, TreeSplit.Leaf.METRIC, members, parts);
            case STREAM_ID -> cutTree(batch, TreeSplit.Leaf.DATA_POINT, members, parts);
            case ATTRIBUTES -> {
                if (batch.signal() == Signal.TRACES) {
                    cutTraces(batch, members, parts);
                } else {
                    cutTree(batch, TreeSplit.Leaf.LOG_RECORD, members, parts);
                }
            }
        }
    }

    private void cutTraces(Batch batch, Membership members, @Nullable Batch[] parts) throws MalformedOtlpException {
        TraceIndex index = batch.index(scratch);
        room(index.spans());
        if (key == RoutingKey.TRACE_ID) {
            ownersOfTraces(index, members);
        } else {
            ownersOfSpans(index, members);
        }
        traces.split(index, owner, parts.length);
        for (int i = 0; i < parts.length; i++) {
            if (traces.spans(i) > 0) {
                parts[i] = traces.batch(i);
            }
        }
    }

    private void ownersOfTraces(TraceIndex index, Membership members) {
        long high = 0;
        long low = 0;
        int to = -1;
        for (int i = 0; i < index.spans(); i++) {
            if (to < 0 || index.traceIdHigh(i) != high || index.traceIdLow(i) != low) {
                high = index.traceIdHigh(i);
                low = index.traceIdLow(i);
                to = members.ownerOf(high, low);
            }
            owner[i] = to;
        }
    }

    private void ownersOfSpans(TraceIndex index, Membership members) {
        for (int i = 0; i < index.spans(); i++) {
            int scope = index.scopeOf(i);
            int resource = index.resourceOf(scope);
            ranges[0] = index.resourceFrom(resource);
            ranges[1] = index.resourceEnd(resource);
            ranges[2] = index.scopeFrom(scope);
            ranges[3] = index.scopeEnd(scope);
            ranges[4] = index.spanFrom(i);
            ranges[5] = index.spanEnd(i);
            attributeKeys.form(index.bytes(), ranges, true);
            owner[i] = members.ownerOf(attributeKeys.bytes(), 0, attributeKeys.length());
        }
    }

    private void cutResources(Batch batch, Membership members, @Nullable Batch[] parts) {
        resources.index(batch);
        int count = resources.resources();
        room(count);
        for (int i = 0; i < count; i++) {
            owner[i] = key == RoutingKey.SERVICE
                    ? ofService(batch, resources.from(i), resources.end(i), members)
                    : members.owner(ofResource(batch.bytes(), resources.from(i), resources.end(i)));
        }
        for (int i = 0; i < count; i++) {
            if (parts[owner[i]] == null) {
                parts[owner[i]] = resources.batch(owner, owner[i]);
            }
        }
    }

    /** All attributes of a ResourceSpans, ResourceMetrics or ResourceLogs: all have their Resource as field 1. */
    private long ofResource(byte[] b, int from, int end) {
        long sum = 0;
        fields.reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                inner.reset(b, fields.from(), fields.end());
                while (inner.next()) {
                    sum += inner.isBytes(Fields.RESOURCE_ATTRIBUTES) ? Mix.hash(b, inner.from(), inner.end()) : 0;
                }
            }
        }
        return Mix.mix(sum);
    }

    /** The collector's key is the bare name for metrics, and else an attribute's. */
    private int ofService(Batch batch, int from, int end, Membership members) {
        boolean bare = batch.signal() == Signal.METRICS;
        text.clear();
        if (!bare) {
            text.put(SERVICE_KEY);
        }
        fields.reset(batch.bytes(), from, end);
        boolean found = false;
        while (fields.next()) {
            if (!found
                    && fields.isBytes(1)
                    && attributes
                            .reset(batch.bytes(), fields.from(), fields.end(), Fields.RESOURCE_ATTRIBUTES)
                            .find(SERVICE_NAME)) {
                found = true;
                var value = attributes.value();
                if (value.type() == ValueType.STRING) {
                    text.put(value.bytes(), value.from(), value.end());
                }
            }
        }
        if (!bare) {
            text.put(BAR);
        }
        return members.ownerOf(text.bytes(), 0, text.size());
    }

    private void cutTree(Batch batch, TreeSplit.Leaf leaf, Membership members, @Nullable Batch[] parts) {
        tree.index(batch, leaf);
        int count = tree.leaves();
        room(count);
        streams.begin();
        for (int i = 0; i < count; i++) {
            owner[i] = switch (leaf) {
                case METRIC -> ofMetric(batch.bytes(), tree.from(i), tree.end(i), members);
                case DATA_POINT -> members.owner(streams.of(tree, batch.bytes(), i));
                case LOG_RECORD -> ofLogRecord(batch.bytes(), i, members);
                case SPAN -> throw new IllegalStateException("traces are cut by their ids");
            };
        }
        for (int i = 0; i < count; i++) {
            if (parts[owner[i]] == null) {
                parts[owner[i]] = tree.batch(owner, owner[i]);
            }
        }
    }

    private int ofMetric(byte[] b, int from, int end, Membership members) {
        int nameFrom = from;
        int nameEnd = from;
        fields.reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(Fields.METRIC_NAME)) {
                nameFrom = fields.from();
                nameEnd = fields.end();
            }
        }
        return members.ownerOf(b, nameFrom, nameEnd);
    }

    private int ofLogRecord(byte[] b, int leaf, Membership members) {
        for (int level = 0; level < 2; level++) {
            int node = tree.above(leaf, level);
            ranges[2 * level] = tree.nodeFrom(node);
            ranges[2 * level + 1] = tree.nodeEnd(node);
        }
        ranges[4] = tree.from(leaf);
        ranges[5] = tree.end(leaf);
        attributeKeys.form(b, ranges, false);
        return members.ownerOf(attributeKeys.bytes(), 0, attributeKeys.length());
    }

    private void room(int n) {
        if (owner.length < n) {
            owner = new int[Math.max(n, 2 * owner.length)];
        }
    }
}
