package weir.gateway.sampling;

import java.util.Arrays;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.otlp.Wire;

/**
 * Gathers records of a {@link SpanLog} into an export request, written from its end to its begin: lengths are known when
 * they are needed, and a trace's chain, which leads from the newest span to the oldest, comes out in the order of arrival.
 * Spans in a row whose resource and scope are equal share them. Belongs to who holds the shard's lock.
 */
final class RequestWriter {
    private static final int LENGTH_DELIMITED_1 = 1 << 3 | Wire.BYTES;
    private static final int LENGTH_DELIMITED_2 = 2 << 3 | Wire.BYTES;
    private static final int PREFIX = 6;

    private static final byte[] NO_SEGMENT = {};

    private final DecisionAttributes decisions = new DecisionAttributes();
    private final int size;
    private byte[] buffer;
    private int begin;
    private int scopeEnd;
    private int resourceEnd;
    private int spans;
    private boolean open;

    private byte[] resource = new byte[256];
    private int resourceLength;
    private byte[] scope = new byte[256];
    private int scopeLength;

    /** The segment and the header that the open run was begun with; equal ones need no look at the bytes. */
    private byte[] segment = NO_SEGMENT;

    private int header;

    RequestWriter(int bytes) {
        size = bytes;
        buffer = new byte[bytes];
        begin = bytes;
    }

    int spans() {
        return spans;
    }

    /** Whether a record would come to lie within the size that the writer was made for or has grown to. */
    boolean hasRoom(byte[] from, int record, int more) {
        int scopeAt = SpanLog.scope(from, record);
        return need(from, record, scopeAt, more) <= begin;
    }

    /**
     * Puts a record before all others.
     *
     * @param attributes {@link DecisionAttributes} to append to the span's message, instead of what it has of them; or none
     */
    void prepend(byte[] from, int record, byte[] attributes) {
        int scopeAt = SpanLog.scope(from, record);
        int need = need(from, record, scopeAt, attributes.length);
        if (need > begin) {
            grow(need);
        }
        run(from, scopeAt);
        int span = record + SpanLog.SPAN_OVERHEAD;
        int length = SpanLog.spanLength(from, record);
        int former = attributes.length == 0 ? 0 : decisions.bytesIn(from, span, span + length);
        put(attributes, 0, attributes.length);
        if (former == 0) {
            put(from, span, length);
        } else {
            begin -= length - former;
            decisions.copyOthers(from, span, span + length, buffer, begin);
        }
        prefix(LENGTH_DELIMITED_2, length - former + attributes.length);
        spans++;
    }

    /** Ends the request; the writer is empty again. */
    Batch finish() {
        closeScope();
        closeResource();
        Batch batch = Batch.of(Signal.TRACES, Arrays.copyOfRange(buffer, begin, buffer.length), spans);
        if (buffer.length > size) {
            buffer = new byte[size];
        }
        begin = size;
        spans = 0;
        open = false;
        segment = NO_SEGMENT;
        return batch;
    }

    @SuppressWarnings("ReferenceEquality") // The very array: its content may be megabytes.
    private boolean isOpenFor(byte[] from, int scopeAt) {
        return open && from == segment && scopeAt == header;
    }

    /** Makes the run that is open one of this resource and scope. */
    private void run(byte[] from, int scopeAt) {
        if (isOpenFor(from, scopeAt)) {
            return;
        }
        int resourceAt = SpanLog.resource(from, scopeAt);
        boolean sameResource = open && same(resource, resourceLength, from, resourceAt);
        if (!sameResource || !same(scope, scopeLength, from, scopeAt)) {
            if (open) {
                closeScope();
            }
            if (!sameResource) {
                if (open) {
                    closeResource();
                }
                resourceEnd = begin;
                resourceLength = SpanLog.headerLength(from, resourceAt);
                resource = copied(resource, from, resourceAt, resourceLength);
            }
            scopeEnd = begin;
            scopeLength = SpanLog.headerLength(from, scopeAt);
            scope = copied(scope, from, scopeAt, scopeLength);
            open = true;
        }
        segment = from;
        header = scopeAt;
    }

    /** To be called before segments of the log are used again: the run that is open must not be taken for another. */
    void forgetSegments() {
        segment = NO_SEGMENT;
    }

    private void closeScope() {
        put(scope, 0, scopeLength);
        prefix(LENGTH_DELIMITED_2, scopeEnd - begin);
    }

    private void closeResource() {
        put(resource, 0, resourceLength);
        prefix(LENGTH_DELIMITED_1, resourceEnd - begin);
    }

    private static boolean same(byte[] mine, int length, byte[] from, int headerAt) {
        int at = SpanLog.headerFrom(headerAt);
        return SpanLog.headerLength(from, headerAt) == length && Arrays.equals(mine, 0, length, from, at, at + length);
    }

    private static byte[] copied(byte[] into, byte[] from, int headerAt, int length) {
        byte[] copy = into.length < length ? new byte[length * 2] : into;
        System.arraycopy(from, SpanLog.headerFrom(headerAt), copy, 0, length);
        return copy;
    }

    /** Room for the record, for its headers, and for those of the run that is open. */
    private int need(byte[] from, int record, int scopeAt, int more) {
        int span = SpanLog.spanLength(from, record) + more + PREFIX;
        if (isOpenFor(from, scopeAt)) {
            return span + headers(resourceLength, scopeLength);
        }
        int scopeBytes = SpanLog.headerLength(from, scopeAt);
        int resourceBytes = SpanLog.headerLength(from, SpanLog.resource(from, scopeAt));
        return span + headers(resourceLength, scopeLength) + headers(resourceBytes, scopeBytes);
    }

    private static int headers(int resourceBytes, int scopeBytes) {
        return resourceBytes + scopeBytes + 2 * PREFIX;
    }

    private void put(byte[] b, int from, int length) {
        begin -= length;
        System.arraycopy(b, from, buffer, begin, length);
    }

    private void prefix(int tag, int length) {
        begin -= Wire.varintSize(length);
        Wire.putVarint(buffer, begin, length);
        buffer[--begin] = (byte) tag;
    }

    /** For a span, or a trace that is written whole, that is larger than what a request should hold. */
    private void grow(int need) {
        byte[] larger = new byte[Math.max(buffer.length - begin + need, 2 * buffer.length)];
        int moved = larger.length - buffer.length;
        System.arraycopy(buffer, begin, larger, begin + moved, buffer.length - begin);
        begin += moved;
        scopeEnd += moved;
        resourceEnd += moved;
        buffer = larger;
    }
}
