package weir.otlp;

import java.util.Arrays;

/**
 * The resources of a request of any signal, and how to split it by a destination for each of them: every ResourceSpans,
 * ResourceMetrics or ResourceLogs is copied as it is. Unknown fields of the request itself are left out.
 *
 * <p>To be used again and again by one thread at a time. What it says of a batch holds until the next {@link #index}.
 */
public final class ResourceSplit {
    private Signal signal = Signal.TRACES;
    private byte[] bytes = {};
    private int offset;
    private int length;
    private int resources;
    private int[] start = new int[8];
    private int[] from = new int[8];
    private int[] end = new int[8];
    private int[] items = new int[8];

    private final FieldCursor fields = new FieldCursor();

    /** Finds the resources of a batch. */
    public void index(Batch batch) {
        signal = batch.signal();
        bytes = batch.bytes();
        offset = batch.offset();
        length = batch.length();
        resources = 0;
        fields.reset(bytes, offset, batch.end());
        while (fields.next()) {
            if (fields.isBytes(1)) {
                add();
            }
        }
    }

    private void add() {
        int i = resources++;
        if (i == start.length) {
            start = Arrays.copyOf(start, 2 * i);
            from = Arrays.copyOf(from, 2 * i);
            end = Arrays.copyOf(end, 2 * i);
            items = Arrays.copyOf(items, 2 * i);
        }
        start[i] = fields.start();
        from[i] = fields.from();
        end[i] = fields.end();
        items[i] = ItemCount.ofResource(signal, bytes, fields.from(), fields.end());
    }

    public int resources() {
        return resources;
    }

    /** Where the fields of a ResourceSpans, ResourceMetrics or ResourceLogs begin. */
    public int from(int resource) {
        return from[resource];
    }

    /** Where it ends, exclusive. */
    public int end(int resource) {
        return end[resource];
    }

    /** How many spans, data points or log records lie in it. */
    public int items(int resource) {
        return items[resource];
    }

    /**
     * The request for one destination, over bytes of its own, or over those of the batch when it gets all resources.
     *
     * @param destination of each resource
     * @param wanted the destination to make a request for
     */
    public Batch batch(int[] destination, int wanted) {
        int size = 0;
        int count = 0;
        int taken = 0;
        for (int i = 0; i < resources; i++) {
            if (destination[i] == wanted) {
                size += end[i] - start[i];
                count += items[i];
                taken++;
            }
        }
        if (taken == resources) {
            return Batch.of(signal, bytes, offset, length, count);
        }
        byte[] out = new byte[size];
        int at = 0;
        for (int i = 0; i < resources; i++) {
            if (destination[i] == wanted) {
                System.arraycopy(bytes, start[i], out, at, end[i] - start[i]);
                at += end[i] - start[i];
            }
        }
        return Batch.of(signal, out, count);
    }
}
