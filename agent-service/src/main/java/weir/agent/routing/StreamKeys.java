package weir.agent.routing;

import weir.hash.Mix;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.TreeSplit;

/**
 * Keys of series: a hash of resource, scope, metric (but for its description) and a data point's attributes, whatever their
 * order. Belongs to one thread.
 */
final class StreamKeys {
    private final FieldCursor fields = new FieldCursor();
    private final FieldCursor inner = new FieldCursor();
    private int lastData = -1;
    private long lastDataHash;

    /** To be called before the points of a request. */
    void begin() {
        lastData = -1;
    }

    /** The key of a data point; those of one metric are to come in a row. */
    long of(TreeSplit tree, byte[] b, int leaf) {
        int data = tree.above(leaf, 3);
        if (data != lastData) {
            lastData = data;
            lastDataHash = ofMetric(tree, b, leaf, data);
        }
        int attributes = switch (tree.field(data)) {
            case Fields.METRIC_HISTOGRAM -> Fields.HISTOGRAM_POINT_ATTRIBUTES;
            case Fields.METRIC_EXPONENTIAL_HISTOGRAM -> Fields.EXPONENTIAL_POINT_ATTRIBUTES;
            default -> Fields.NUMBER_POINT_ATTRIBUTES;
        };
        return Mix.mix(lastDataHash, sum(b, tree.from(leaf), tree.end(leaf), attributes));
    }

    private long ofMetric(TreeSplit tree, byte[] b, int leaf, int data) {
        long hash = Mix.mix(
                head(b, tree, tree.above(leaf, 0), Fields.RESOURCE_ATTRIBUTES),
                head(b, tree, tree.above(leaf, 1), Fields.SCOPE_ATTRIBUTES));
        int metric = tree.above(leaf, 2);
        fields.reset(b, tree.nodeFrom(metric), tree.nodeEnd(metric));
        while (fields.next()) {
            // Which kind of data comes below; metadata and description do not make another series.
            if (fields.isBytes(Fields.METRIC_NAME) || fields.isBytes(Fields.METRIC_UNIT)) {
                hash = Mix.mix(hash, Mix.hash(b, fields.start(), fields.end()));
            }
        }
        hash = Mix.mix(hash, tree.field(data));
        fields.reset(b, tree.nodeFrom(data), tree.nodeEnd(data));
        while (fields.next()) {
            if (!fields.isBytes(1)) {
                hash = Mix.mix(hash, Mix.hash(b, fields.start(), fields.end()));
            }
        }
        return hash;
    }

    /** Of a Resource its attributes; of an InstrumentationScope also name and version. */
    private long head(byte[] b, TreeSplit tree, int node, int attributes) {
        long hash = 0;
        fields.reset(b, tree.nodeFrom(node), tree.nodeEnd(node));
        while (fields.next()) {
            if (fields.isBytes(1)) {
                hash += sum(b, fields.from(), fields.end(), attributes);
                if (attributes == Fields.SCOPE_ATTRIBUTES) {
                    hash += sum(b, fields.from(), fields.end(), 1) + 31 * sum(b, fields.from(), fields.end(), 2);
                }
            }
        }
        return Mix.mix(hash);
    }

    private long sum(byte[] b, int from, int end, int field) {
        long sum = 0;
        inner.reset(b, from, end);
        while (inner.next()) {
            sum += inner.isBytes(field) ? Mix.hash(b, inner.from(), inner.end()) : 0;
        }
        return sum;
    }
}
