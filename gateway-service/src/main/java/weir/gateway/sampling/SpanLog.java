package weir.gateway.sampling;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import weir.otlp.TraceIndex;

/**
 * The spans of undecided traces as the bytes that came, appended to segments in the order of arrival. Spans of a trace are
 * chained from the newest to the oldest; resource and scope are kept once per request and segment. Belongs to who
 * holds the shard's lock.
 *
 * <pre>
 * segment = (span | header)*                       all parts begin at a multiple of 4
 * span    = length:int, scope:int, previous:int, the span's message
 * header  = ~length:int, resource:int, fields      of a ScopeSpans without its spans, or of a ResourceSpans without its
 *                                                  scopes (resource: -1)
 * scope, resource = where the header lies in the same segment; previous = a position: segment number | offset / 4
 * </pre>
 *
 * <p>A segment pins itself by the traces whose oldest span lies in it ({@link #pin}). Because traces begin in the order of
 * segments, the oldest segment that nobody pins holds nothing that anybody needs, whatever other spans lie in it: so a
 * dropped trace is let go of without reading its records.
 *
 * <p>Segments are not given back to the garbage collector but used again, up to the most that were needed lately. They are
 * 64 bytes shorter than a power of two: with the array's header they fill whole regions of G1, which would otherwise take
 * one more region for each.
 */
final class SpanLog {
    static final int NOWHERE = -1;
    static final int SPAN_OVERHEAD = 12;
    private static final int HEADER_OVERHEAD = 8;
    private static final int MOVED = 256;
    private static final byte[] NO_BYTES = {};

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int unitBits;
    private final int normalLength;
    private final int maxSegments;

    private byte[][] segments = noSegments(8);
    private int[] ends = new int[8];
    private int[] pins = new int[8];
    private long[] payloads = new long[8];
    /** By segment, the oldest record of the journal that spans in it came from, or an older one. */
    private long[] needs = new long[8];
    /** The segments in use from the oldest to the current one: a ring. */
    private int[] order = new int[8];

    private int first;
    private int inUse;

    private int[] spare = new int[8];
    private int spares;
    private int fewestSpares;
    private int made;

    private byte[] current = {};
    private int slot = NOWHERE;
    private int at;
    /** Where the part of the current segment that is filled from its begin ends; large headers lie behind it. */
    private int limit;

    private long closedBytes;
    private long payloadBytes;

    /** Which record of the journal what is appended now comes from. */
    private long record = TraceJournal.NO_RECORD;

    /** Changes with each request and each segment: headers written under another stamp cannot be referred to. */
    private int stamp;

    private int[] scopeStamp = {};
    private int[] scopeRef = {};
    private int[] resourceStamp = {};
    private int[] resourceRef = {};
    private byte[] scopeHeader = new byte[256];
    private byte[] resourceHeader = new byte[256];

    private final long[] movedFrom = new long[MOVED];
    private final int[] movedTo = new int[MOVED];
    private final int[] movedStamp = new int[MOVED];

    /** @param segmentBits base-2 logarithm of a segment's size in bytes, 12 to 24 */
    SpanLog(int segmentBits) {
        unitBits = segmentBits - 2;
        normalLength = (1 << segmentBits) - 64;
        maxSegments = 1 << Math.min(22, 32 - unitBits);
    }

    /** What the segments in use take, and of the current one what is written. */
    long bytes() {
        return closedBytes + at + (current.length - limit);
    }

    /** The sum of the spans' messages in the segments in use, decided or not. */
    long payloadBytes() {
        return payloadBytes;
    }

    int segmentsInUse() {
        return inUse;
    }

    int segmentsSpare() {
        return spares;
    }

    /**
     * To be called before the spans of a request are appended.
     *
     * @param ofRecord the record of the journal that holds the request, or {@link TraceJournal#NO_RECORD}
     */
    void begin(TraceIndex request, long ofRecord) {
        stamp++;
        appendFrom(ofRecord);
        if (scopeStamp.length < request.scopes()) {
            scopeStamp = new int[request.scopes() * 2];
            scopeRef = new int[scopeStamp.length];
        }
        if (resourceStamp.length < request.resources()) {
            resourceStamp = new int[request.resources() * 2];
            resourceRef = new int[resourceStamp.length];
        }
    }

    /**
     * Appends a span of the request that was begun.
     *
     * @param previous the position of the trace's former newest record, or {@link #NOWHERE}
     * @return the position of the record
     */
    int append(TraceIndex request, int span, int previous) {
        int from = request.spanFrom(span);
        int length = request.spanEnd(span) - from;
        int scope = request.scopeOf(span);
        int size = aligned(SPAN_OVERHEAD + length);
        if (scopeStamp[scope] != stamp || size > limit - at) {
            headers(request, scope, size);
        }
        return write(request.bytes(), from, length, scopeRef[scope], previous);
    }

    private void headers(TraceIndex request, int scope, int spanSize) {
        int resource = request.resourceOf(scope);
        int scopeLength = request.scopeHeaderSize(scope);
        int scopeSize = aligned(HEADER_OVERHEAD + scopeLength);
        scopeHeader = room(scopeHeader, scopeLength);
        request.copyScopeHeader(scope, scopeHeader, 0);
        if (resourceStamp[resource] == stamp && scopeSize <= normalLength / 4 && scopeSize + spanSize <= limit - at) {
            scopeRef[scope] = header(scopeHeader, 0, scopeLength, resourceRef[resource]);
        } else {
            int resourceLength = request.resourceHeaderSize(resource);
            resourceHeader = room(resourceHeader, resourceLength);
            request.copyResourceHeader(resource, resourceHeader, 0);
            scopeRef[scope] = headers(resourceHeader, 0, resourceLength, scopeHeader, 0, scopeLength, spanSize);
            resourceRef[resource] = resource(current, scopeRef[scope]);
            resourceStamp[resource] = stamp;
        }
        scopeStamp[scope] = stamp;
    }

    private static byte[] room(byte[] scratch, int length) {
        return scratch.length >= length ? scratch : new byte[length * 2];
    }

    /** Appends a copy of a record, with its headers, to the current segment. */
    int move(int position, int previous) {
        byte[] source = bytesOf(position);
        int record = offset(position);
        int length = spanLength(source, record);
        int scope = scope(source, record);
        int size = aligned(SPAN_OVERHEAD + length);
        long key = (long) segment(position) << 32 | scope;
        int cached = (int) TraceHash.mix(key) & (MOVED - 1);
        if (movedStamp[cached] != stamp || movedFrom[cached] != key || size > limit - at) {
            int resource = resource(source, scope);
            movedTo[cached] = headers(
                    source,
                    headerFrom(resource),
                    headerLength(source, resource),
                    source,
                    headerFrom(scope),
                    headerLength(source, scope),
                    size);
            movedFrom[cached] = key;
            movedStamp[cached] = stamp;
        }
        return write(source, record + SPAN_OVERHEAD, length, movedTo[cached], previous);
    }

    /**
     * Writes both headers of a span where the span has room too. Large ones get a segment of their own with a part behind
     * for them: positions cannot name a span that begins beyond a segment's normal length.
     */
    private int headers(byte[] r, int rFrom, int rLength, byte[] s, int sFrom, int sLength, int spanSize) {
        int resourceSize = aligned(HEADER_OVERHEAD + rLength);
        int size = resourceSize + aligned(HEADER_OVERHEAD + sLength);
        if (size > normalLength / 4) {
            open(Math.max(normalLength, spanSize), size);
            putHeader(limit, r, rFrom, rLength, NOWHERE);
            putHeader(limit + resourceSize, s, sFrom, sLength, limit);
            return limit + resourceSize;
        }
        if (size + spanSize > limit - at) {
            open(Math.max(normalLength, size + spanSize), 0);
        }
        return header(s, sFrom, sLength, header(r, rFrom, rLength, NOWHERE));
    }

    /**
     * To be called before records are moved: what was moved before may lie where something else lies now.
     *
     * @param ofRecord the oldest record of the journal that holds what will be moved, or {@link TraceJournal#NO_RECORD}
     */
    void beginMoves(long ofRecord) {
        stamp++;
        appendFrom(ofRecord);
    }

    private void appendFrom(long ofRecord) {
        record = ofRecord;
        if (slot != NOWHERE) {
            needs[slot] = Math.min(needs[slot], ofRecord);
        }
    }

    /** No record of the journal before this one is needed for what the segments in use hold. */
    long neededFrom() {
        long needed = TraceJournal.NO_RECORD;
        for (int i = 0; i < inUse; i++) {
            needed = Math.min(needed, needs[order[(first + i) % order.length]]);
        }
        return needed;
    }

    /** No record of the journal before this one is needed for what the segment of a position holds. */
    long neededFrom(int position) {
        return needs[segment(position)];
    }

    private int write(byte[] b, int from, int length, int scope, int previous) {
        int begin = at;
        INT.set(current, begin, length);
        INT.set(current, begin + 4, scope);
        INT.set(current, begin + 8, previous);
        System.arraycopy(b, from, current, begin + SPAN_OVERHEAD, length);
        at = begin + aligned(SPAN_OVERHEAD + length);
        payloads[slot] += length;
        payloadBytes += length;
        return slot << unitBits | begin >>> 2;
    }

    private int header(byte[] b, int from, int length, int resource) {
        int begin = at;
        putHeader(begin, b, from, length, resource);
        at = begin + aligned(HEADER_OVERHEAD + length);
        return begin;
    }

    private void putHeader(int begin, byte[] b, int from, int length, int resource) {
        INT.set(current, begin, ~length);
        INT.set(current, begin + 4, resource);
        System.arraycopy(b, from, current, begin + HEADER_OVERHEAD, length);
    }

    private static int aligned(int size) {
        return (size + 3) & ~3;
    }

    /** A trace's oldest record lies in this segment. */
    void pin(int segment) {
        pins[segment]++;
    }

    void unpin(int segment) {
        pins[segment]--;
    }

    int pins(int segment) {
        return pins[segment];
    }

    int segment(int position) {
        return position >>> unitBits;
    }

    /** The segment that was begun first; only when {@link #segmentsInUse} is above 0. */
    int oldest() {
        return order[first];
    }

    byte[] bytesOf(int position) {
        return segments[position >>> unitBits];
    }

    /** Where a record begins in {@link #bytesOf}. */
    int offset(int position) {
        return (position & ((1 << unitBits) - 1)) << 2;
    }

    int position(int segment, int offset) {
        return segment << unitBits | offset >>> 2;
    }

    /** Where what is written in a segment ends. */
    int end(int segment) {
        return segment == slot ? at : ends[segment];
    }

    /** The length of the message of the span at an offset; negative if a header lies there. */
    static int spanLength(byte[] segment, int offset) {
        return (int) INT.get(segment, offset);
    }

    /** The offset of what lies after the record or header at an offset. */
    static int after(byte[] segment, int offset) {
        int length = (int) INT.get(segment, offset);
        return offset + (length >= 0 ? aligned(SPAN_OVERHEAD + length) : aligned(HEADER_OVERHEAD + ~length));
    }

    static int scope(byte[] segment, int record) {
        return (int) INT.get(segment, record + 4);
    }

    static int previous(byte[] segment, int record) {
        return (int) INT.get(segment, record + 8);
    }

    static int resource(byte[] segment, int scope) {
        return (int) INT.get(segment, scope + 4);
    }

    static int headerLength(byte[] segment, int header) {
        return ~(int) INT.get(segment, header);
    }

    static int headerFrom(int header) {
        return header + HEADER_OVERHEAD;
    }

    /** Lets go of the oldest segments that nobody pins; not to be called between {@link #begin} and the last append. */
    void recycle() {
        while (inUse > 1 && pins[order[first]] == 0) {
            release();
        }
        if (inUse == 1 && pins[slot] == 0 && at > 0) {
            release();
            current = NO_BYTES;
            slot = NOWHERE;
            at = 0;
            limit = 0;
        }
    }

    /** Gives a quarter of the segments that were spare all the time since the last call to the garbage collector. */
    void shrink() {
        for (int n = (fewestSpares + 3) / 4; n > 0; n--) {
            segments[spare[spares - n]] = NO_BYTES;
        }
        fewestSpares = spares;
    }

    private void release() {
        int gone = order[first];
        first = (first + 1) % order.length;
        inUse--;
        if (gone != slot) {
            closedBytes -= segments[gone].length;
        }
        payloadBytes -= payloads[gone];
        payloads[gone] = 0;
        if (segments[gone].length != normalLength) {
            segments[gone] = NO_BYTES;
        }
        spare[spares++] = gone;
    }

    /** Begins a segment: so many bytes to be filled from its begin, and so many behind. */
    private void open(int front, int behind) {
        int next = spares > 0 ? spare[spares - 1] : made;
        if (next >= maxSegments) {
            throw new IllegalStateException("more segments than positions can name");
        }
        if (next == segments.length) {
            more();
        }
        byte[] array = segments[next];
        if (array.length != front + behind) {
            array = new byte[front + behind];
        }
        // From here on nothing can fail: a log that could not get memory is as it was.
        if (spares > 0) {
            spares--;
            fewestSpares = Math.min(fewestSpares, spares);
        } else {
            made++;
        }
        if (slot != NOWHERE) {
            ends[slot] = at;
            closedBytes += current.length;
        }
        segments[next] = array;
        order[(first + inUse) % order.length] = next;
        inUse++;
        pins[next] = 0;
        needs[next] = record;
        current = array;
        slot = next;
        at = 0;
        limit = front;
        stamp++;
    }

    private void more() {
        int length = segments.length * 2;
        int[] ring = new int[length];
        for (int i = 0; i < inUse; i++) {
            ring[i] = order[(first + i) % order.length];
        }
        byte[][] more = noSegments(length);
        System.arraycopy(segments, 0, more, 0, made);
        segments = more;
        ends = Arrays.copyOf(ends, length);
        pins = Arrays.copyOf(pins, length);
        payloads = Arrays.copyOf(payloads, length);
        needs = Arrays.copyOf(needs, length);
        spare = Arrays.copyOf(spare, length);
        order = ring;
        first = 0;
    }

    private static byte[][] noSegments(int n) {
        byte[][] none = new byte[n][];
        Arrays.fill(none, NO_BYTES);
        return none;
    }
}
