package weir.otlp.edit;

import java.util.Arrays;
import weir.otlp.Batch;
import weir.otlp.Output;
import weir.otlp.Signal;

/**
 * A request with pieces of it replaced or left out. Whoever walks over it opens each message that has others in it, replaces
 * some of those, and closes it; what was replaced is kept beside the request, and {@link #batch} writes it by one copy
 * around that. A request about which nothing was changed is the same batch afterwards.
 *
 * <p>To be used again and again; belongs to one thread.
 */
public final class RequestEdit {
    /** How deep messages may be open in one another: of resources and scopes. */
    private static final int MAX_OPEN = 4;

    private static final int MAX_KEPT_PIECES = 1 << 14;
    private static final int MAX_KEPT_BYTES = 1 << 22;

    private Batch batch = Batch.of(Signal.TRACES, new byte[0], 0);
    private Output written = new Output(1024);

    /** Of each piece: what it replaces in the request, and where in {@link #written} stands what replaces it. */
    private int pieces;

    private int[] start = new int[64];
    private int[] end = new int[64];
    private int[] from = new int[64];
    private int[] to = new int[64];

    /** How many bytes the request has more, or less, by the pieces so far. */
    private long grown;

    private int open;
    private final int[] openPiece = new int[MAX_OPEN];
    private final long[] openGrown = new long[MAX_OPEN];
    private final int[] openField = new int[MAX_OPEN];
    private final int[] openEnd = new int[MAX_OPEN];

    /** Begins with a request, and forgets the former. */
    public void reset(Batch of) {
        batch = of;
        pieces = 0;
        grown = 0;
        open = 0;
        if (written.size() > MAX_KEPT_BYTES) {
            written = new Output(1024);
        } else {
            written.clear();
        }
        if (start.length > MAX_KEPT_PIECES) {
            resize(64);
        }
    }

    /**
     * Opens a message: what is replaced until {@link #close} lies in it.
     *
     * @param field its number in what it lies in
     * @param tagAt where its tag lies
     * @param fieldsFrom where its fields begin
     * @param fieldsEnd where they end, exclusive
     */
    public void open(int field, int tagAt, int fieldsFrom, int fieldsEnd) {
        openPiece[open] = pieces;
        openGrown[open] = grown;
        openField[open] = field;
        openEnd[open] = fieldsEnd;
        open++;
        add(tagAt, fieldsFrom, 0, 0);
    }

    /** Closes the message that was opened last. */
    public void close() {
        open--;
        int piece = openPiece[open];
        if (pieces == piece + 1) {
            pieces = piece;
            return;
        }
        long length = (long) openEnd[open] - end[piece] + grown - openGrown[open];
        int begin = written.size();
        written.header(openField[open], Math.toIntExact(length));
        from[piece] = begin;
        to[piece] = written.size();
        grown += written.size() - begin - (end[piece] - start[piece]);
    }

    /** Closes the message that was opened last, and leaves it out, whatever was replaced in it. */
    public void closeWithout() {
        open--;
        int piece = openPiece[open];
        pieces = piece;
        grown = openGrown[open];
        remove(start[piece], openEnd[open]);
    }

    /** Leaves a field out, from where its tag lies. */
    public void remove(int tagAt, int fieldEnd) {
        insert(tagAt, fieldEnd, 0, 0);
    }

    /** Replaces a field, from where its tag lies, by a message as it is after its own edit. */
    public void replace(int tagAt, int fieldEnd, int field, MessageEdit message) {
        int begin = written.size();
        written.header(field, message.size());
        message.write(written);
        insert(tagAt, fieldEnd, begin, written.size());
    }

    /** Replaces a field, from where its tag lies, by one of text. */
    public void replace(int tagAt, int fieldEnd, int field, byte[] text, int textFrom, int textEnd) {
        int begin = written.size();
        written.field(field, text, textFrom, textEnd);
        insert(tagAt, fieldEnd, begin, written.size());
    }

    /** Whether nothing was replaced. */
    public boolean isUnchanged() {
        return pieces == 0;
    }

    /**
     * The request as it is now, over bytes of its own, or the batch that it was when nothing was replaced.
     *
     * @param items how many spans, data points or log records it holds now
     */
    public Batch batch(int items) {
        if (pieces == 0) {
            return batch;
        }
        byte[] out = new byte[Math.toIntExact(batch.length() + grown)];
        byte[] b = batch.bytes();
        byte[] w = written.bytes();
        int at = 0;
        int copied = batch.offset();
        for (int i = 0; i < pieces; i++) {
            int same = start[i] - copied;
            System.arraycopy(b, copied, out, at, same);
            at += same;
            int other = to[i] - from[i];
            System.arraycopy(w, from[i], out, at, other);
            at += other;
            copied = end[i];
        }
        System.arraycopy(b, copied, out, at, batch.end() - copied);
        return Batch.of(batch.signal(), out, items);
    }

    /** Adds a piece where it belongs: nearly always it is the last, but heads may be written behind what they are of. */
    private void insert(int tagAt, int fieldEnd, int begin, int limit) {
        grown += limit - begin - (fieldEnd - tagAt);
        int i = pieces;
        add(tagAt, fieldEnd, begin, limit);
        boolean nothing = fieldEnd == tagAt;
        while (i > 0 && (start[i - 1] > tagAt || (nothing && start[i - 1] == tagAt && end[i - 1] > tagAt))) {
            start[i] = start[i - 1];
            end[i] = end[i - 1];
            from[i] = from[i - 1];
            to[i] = to[i - 1];
            i--;
            start[i] = tagAt;
            end[i] = fieldEnd;
            from[i] = begin;
            to[i] = limit;
        }
    }

    private void add(int tagAt, int fieldEnd, int begin, int limit) {
        int i = pieces++;
        if (i == start.length) {
            resize(2 * i);
        }
        start[i] = tagAt;
        end[i] = fieldEnd;
        from[i] = begin;
        to[i] = limit;
    }

    private void resize(int size) {
        start = Arrays.copyOf(start, size);
        end = Arrays.copyOf(end, size);
        from = Arrays.copyOf(from, size);
        to = Arrays.copyOf(to, size);
    }
}
