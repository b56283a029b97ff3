package weir.otlp;

import java.util.Arrays;

/**
 * Splits a request below its resources: by a destination for each span, log record, metric or data point. These
 * are copied as they are, and around them the other fields of what they lie in, under lengths of their own. What has nothing
 * in it for a destination is left out, and unknown fields of the request itself are. Leaves may be given other fields before.
 *
 * <p>To be used again and again by one thread at a time; what it grows to stays. What it says of a batch holds until the next
 * {@link #index}.
 *
 * <pre>
 * level 0  ResourceSpans, ResourceMetrics, ResourceLogs
 *       1  ScopeSpans, ScopeMetrics, ScopeLogs
 *       2  Span, Metric, LogRecord
 *       3  Gauge, Sum, Histogram, ExponentialHistogram, Summary
 *       4  a data point
 * </pre>
 */
public final class TreeSplit {
    /** What has a destination. */
    public enum Leaf {
        SPAN(2),
        LOG_RECORD(2),
        METRIC(2),
        DATA_POINT(4);

        private final int level;

        Leaf(int level) {
            this.level = level;
        }

        /** What a signal's items are. */
        public static Leaf itemOf(Signal signal) {
            return switch (signal) {
                case TRACES -> SPAN;
                case METRICS -> DATA_POINT;
                case LOGS -> LOG_RECORD;
            };
        }

        /** How many messages it lies in. */
        int level() {
            return level;
        }
    }

    private static final int LEVELS = 5;
    private static final int DATA = 3;
    private static final int NONE = -1;

    private final FieldCursor[] cursors = new FieldCursor[LEVELS];
    private final FieldCursor copying = new FieldCursor();
    private Batch batch = Batch.of(Signal.METRICS, new byte[0], 0);
    private int leafLevel;
    private boolean countsPoints;

    private int nodes;
    private int[] level = new int[64];
    private int[] field = new int[64];
    private int[] start = new int[64];
    private int[] from = new int[64];
    private int[] end = new int[64];
    private int[] parent = new int[64];
    /** Bytes of a node besides its children. */
    private int[] head = new int[64];
    /** What a node takes in the request that is made; NONE: nothing of it is in there. */
    private int[] size = new int[64];

    /** Where in {@link #replacements} the other fields of a leaf are; NONE: it keeps its own. */
    private int[] otherFrom = new int[64];

    private int[] otherEnd = new int[64];
    private final Output replacements = new Output(256);

    private int leaves;
    private int[] leafNode = new int[64];
    private int replaced;

    public TreeSplit() {
        Arrays.setAll(cursors, _ -> new FieldCursor());
    }

    /** Finds the leaves of a batch. */
    public void index(Batch of, Leaf leaf) {
        batch = of;
        leafLevel = leaf.level;
        countsPoints = leaf == Leaf.METRIC;
        nodes = 0;
        leaves = 0;
        replaced = 0;
        replacements.clear();
        children(NONE, 0, of.offset(), of.end());
    }

    private void children(int above, int at, int begin, int limit) {
        FieldCursor fields = cursors[at];
        fields.reset(batch.bytes(), begin, limit);
        while (fields.next()) {
            if (isChild(fields, at)) {
                int node = add(fields, at, above);
                if (at == leafLevel) {
                    leaf(node);
                } else {
                    children(node, at + 1, from[node], end[node]);
                }
            }
        }
    }

    private static boolean isChild(FieldCursor fields, int at) {
        return switch (at) {
            case 0, 4 -> fields.isBytes(1);
            case DATA -> isData(fields);
            default -> fields.isBytes(2);
        };
    }

    private static boolean isData(FieldCursor fields) {
        return fields.isBytes(Fields.METRIC_GAUGE)
                || fields.isBytes(Fields.METRIC_SUM)
                || fields.isBytes(Fields.METRIC_HISTOGRAM)
                || fields.isBytes(Fields.METRIC_EXPONENTIAL_HISTOGRAM)
                || fields.isBytes(Fields.METRIC_SUMMARY);
    }

    private int add(FieldCursor fields, int at, int above) {
        int node = nodes++;
        if (node == level.length) {
            int more = 2 * node;
            level = Arrays.copyOf(level, more);
            field = Arrays.copyOf(field, more);
            start = Arrays.copyOf(start, more);
            from = Arrays.copyOf(from, more);
            end = Arrays.copyOf(end, more);
            parent = Arrays.copyOf(parent, more);
            head = Arrays.copyOf(head, more);
            size = new int[more];
            otherFrom = Arrays.copyOf(otherFrom, more);
            otherEnd = Arrays.copyOf(otherEnd, more);
        }
        otherFrom[node] = NONE;
        level[node] = at;
        field[node] = fields.field();
        start[node] = fields.start();
        from[node] = fields.from();
        end[node] = fields.end();
        parent[node] = above;
        head[node] = fields.end() - fields.from();
        if (above != NONE) {
            head[above] -= fields.end() - fields.start();
        }
        return node;
    }

    private void leaf(int node) {
        if (leaves == leafNode.length) {
            leafNode = Arrays.copyOf(leafNode, 2 * leaves);
        }
        leafNode[leaves++] = node;
    }

    public int leaves() {
        return leaves;
    }

    /** Gives a leaf other fields, which are copied; at most once after each {@link #index}. */
    public void replace(int leaf, byte[] b, int begin, int limit) {
        int node = leafNode[leaf];
        otherFrom[node] = replacements.size();
        replacements.put(b, begin, limit);
        otherEnd[node] = replacements.size();
        replaced++;
    }

    /** The batch with all that was {@link #replace replaced}; the batch itself if nothing was. It goes where the batch goes. */
    public Batch edited() {
        if (replaced == 0) {
            return batch;
        }
        Arrays.fill(size, 0, nodes, 0);
        byte[] out = new byte[measure()];
        write(out);
        return Batch.of(batch.signal(), out, batch.items()).routed(batch.routedBy(), batch.isForwarded());
    }

    /** Where the fields of a leaf begin. */
    public int from(int leaf) {
        return from[leafNode[leaf]];
    }

    /** Where they end, exclusive. */
    public int end(int leaf) {
        return end[leafNode[leaf]];
    }

    /** Which message a leaf lies in, at a level above its own. Leaves of the same one come in a row. */
    public int above(int leaf, int atLevel) {
        int node = leafNode[leaf];
        while (level[node] > atLevel) {
            node = parent[node];
        }
        return node;
    }

    /** The number of the field that a message is in the one above it. */
    public int field(int node) {
        return field[node];
    }

    /** Where the fields of a message begin. */
    public int nodeFrom(int node) {
        return from[node];
    }

    /** Where they end, exclusive. */
    public int nodeEnd(int node) {
        return end[node];
    }

    /** What a message takes besides those in it that hold leaves. */
    int headBytes(int node) {
        return head[node];
    }

    /** How many items a leaf is. */
    private int items(int leaf) {
        if (!countsPoints) {
            return 1;
        }
        int points = 0;
        FieldCursor fields = cursors[DATA].reset(batch.bytes(), from(leaf), end(leaf));
        while (fields.next()) {
            if (isData(fields)) {
                FieldCursor inner = cursors[DATA + 1].reset(batch.bytes(), fields.from(), fields.end());
                while (inner.next()) {
                    points += inner.isBytes(1) ? 1 : 0;
                }
            }
        }
        return points;
    }

    /**
     * The request for one destination, over bytes of its own, or the batch itself when it gets all of it.
     *
     * @param destination of each leaf
     * @param wanted the destination to make a request for
     */
    public Batch batch(int[] destination, int wanted) {
        boolean all = replaced == 0;
        for (int i = 0; i < leaves; i++) {
            all &= destination[i] == wanted;
        }
        return all ? batch.withoutIndex() : cut(destination, wanted);
    }

    /** The request for one destination, with nothing in it but what has leaves for it. */
    Batch cut(int[] destination, int wanted) {
        int items = 0;
        Arrays.fill(size, 0, nodes, NONE);
        for (int i = 0; i < leaves; i++) {
            if (destination[i] == wanted) {
                items += items(i);
                size[leafNode[i]] = 0;
            }
        }
        byte[] out = new byte[measure()];
        write(out);
        return Batch.of(batch.signal(), out, items);
    }

    /** Finds the size of each message that has something in it, from the last back: children come after what they are in. */
    private int measure() {
        int all = 0;
        for (int node = nodes - 1; node >= 0; node--) {
            if (size[node] == NONE) {
                continue;
            }
            size[node] += head[node];
            int whole = level[node] == leafLevel ? sizeOfLeaf(node) : Wire.fieldSize(size[node]);
            if (parent[node] == NONE) {
                all += whole;
            } else {
                int above = parent[node];
                size[above] = Math.max(size[above], 0) + whole;
            }
        }
        return all;
    }

    private int sizeOfLeaf(int node) {
        return otherFrom[node] == NONE ? end[node] - start[node] : Wire.fieldSize(otherEnd[node] - otherFrom[node]);
    }

    private void write(byte[] out) {
        int at = 0;
        for (int node = 0; node < nodes; node++) {
            if (size[node] == NONE) {
                continue;
            }
            if (level[node] == leafLevel && otherFrom[node] != NONE) {
                int length = otherEnd[node] - otherFrom[node];
                at = Wire.putField(out, at, field[node], length);
                System.arraycopy(replacements.bytes(), otherFrom[node], out, at, length);
                at += length;
            } else if (level[node] == leafLevel) {
                at = copy(start[node], end[node], out, at);
            } else {
                at = Wire.putField(out, at, field[node], size[node]);
                at = copyHead(node, out, at);
            }
        }
    }

    private int copyHead(int node, byte[] out, int offset) {
        int at = offset;
        copying.reset(batch.bytes(), from[node], end[node]);
        while (copying.next()) {
            if (!isChild(copying, level[node] + 1)) {
                at = copy(copying.start(), copying.end(), out, at);
            }
        }
        return at;
    }

    private int copy(int begin, int limit, byte[] out, int at) {
        System.arraycopy(batch.bytes(), begin, out, at, limit - begin);
        return at + limit - begin;
    }
}
