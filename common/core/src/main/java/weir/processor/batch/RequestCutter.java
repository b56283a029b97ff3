package weir.processor.batch;

import java.io.ByteArrayOutputStream;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Signal;
import weir.otlp.Wire;

/**
 * Cuts a request in two after so many items: the messages on the path to the cut (resource, scope, metric) are in both parts
 * with all their other fields, everything else is in one. As the collector cuts: in the order the items lie. Used once.
 *
 * <pre>
 * traces, logs: request -1-> resource -2-> scope -2-> item
 * metrics:      request -1-> resource -2-> scope -2-> metric -5,7,9,10,11-> data -1-> point
 * </pre>
 */
final class RequestCutter {
    /** The two parts, neither without items. */
    record Cut(Batch head, Batch tail) {}

    /** Per depth, the bit set of the fields that lead on to items. */
    private static final int[] ITEMS = {1 << 1, 1 << 2, 1 << 2};

    private static final int[] POINTS = {1 << 1, 1 << 2, 1 << 2, 1 << 5 | 1 << 7 | 1 << 9 | 1 << 10 | 1 << 11, 1 << 1};

    /** The request was checked when it came in; this only bounds the recursion. */
    private static final int MAX_GROUPS = 100;

    private final int items;
    private int left;
    private int[] path = ITEMS;

    /** @param items how many the head gets: at least 1, and fewer than there are */
    RequestCutter(int items) {
        this.items = items;
        this.left = items;
    }

    Cut cut(Batch batch) throws MalformedOtlpException {
        path = batch.signal() == Signal.METRICS ? POINTS : ITEMS;
        var head = new ByteArrayOutputStream(batch.length() / 2);
        var tail = new ByteArrayOutputStream(batch.length() / 2);
        cut(batch.bytes(), batch.offset(), batch.end(), 0, head, tail);
        return new Cut(
                Batch.of(batch.signal(), head.toByteArray(), items),
                Batch.of(batch.signal(), tail.toByteArray(), batch.items() - items));
    }

    private void cut(byte[] b, int from, int end, int depth, ByteArrayOutputStream head, ByteArrayOutputStream tail)
            throws MalformedOtlpException {
        for (int at = from; at < end; ) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            int stop = Wire.skip(b, after, end, tag, MAX_GROUPS);
            if (!leadsOn(tag, depth)) {
                head.write(b, at, stop - at);
                tail.write(b, at, stop - at);
            } else {
                int value = Wire.afterVarint(b, after, end);
                int count = left == 0 ? 0 : count(b, value, stop, depth + 1);
                if (left == 0) {
                    tail.write(b, at, stop - at);
                } else if (count <= left) {
                    head.write(b, at, stop - at);
                    left -= count;
                } else {
                    var first = new ByteArrayOutputStream(stop - at);
                    var second = new ByteArrayOutputStream(stop - at);
                    cut(b, value, stop, depth + 1, first, second);
                    write(head, tag, first);
                    write(tail, tag, second);
                }
            }
            at = stop;
        }
    }

    private int count(byte[] b, int from, int end, int depth) throws MalformedOtlpException {
        if (depth == path.length) {
            return 1;
        }
        int count = 0;
        for (int at = from; at < end; ) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            int stop = Wire.skip(b, after, end, tag, MAX_GROUPS);
            if (leadsOn(tag, depth)) {
                count += count(b, Wire.afterVarint(b, after, end), stop, depth + 1);
            }
            at = stop;
        }
        return count;
    }

    private boolean leadsOn(int tag, int depth) {
        int field = tag >>> 3;
        return (tag & 7) == Wire.BYTES && field < 32 && (path[depth] & 1 << field) != 0;
    }

    private static void write(ByteArrayOutputStream to, int tag, ByteArrayOutputStream message) {
        byte[] prefix = new byte[Wire.varintSize(tag) + Wire.varintSize(message.size())];
        Wire.putVarint(prefix, Wire.putVarint(prefix, 0, tag), message.size());
        to.writeBytes(prefix);
        to.writeBytes(message.toByteArray());
    }
}
