package weir.otlp;

import org.jspecify.annotations.Nullable;

/**
 * One OTLP export request as the protobuf bytes that arrived, checked once at the door.
 *
 * <p>A batch is immutable and any thread may keep it for as long as it likes: nobody writes to its bytes after it was
 * made. What it may lend besides is an {@link TraceIndex} of those bytes; that one is recycled when the batch's delivery is
 * completed, so a component that completes a delivery and keeps the batch must keep {@link #withoutIndex()}.
 */
public final class Batch {
    private final Signal signal;
    private final byte[] bytes;
    private final int offset;
    private final int length;
    private final int items;
    private final @Nullable TraceIndex index;
    private final @Nullable LentIndex lent;
    private final long routedBy;
    private final boolean forwarded;
    private final @Nullable Object note;

    private Batch(Signal signal, byte[] bytes, int offset, int length, int items, @Nullable TraceIndex index) {
        this(signal, bytes, offset, length, items, index, null, 0, false, null);
    }

    private Batch(
            Signal signal,
            byte[] bytes,
            int offset,
            int length,
            int items,
            @Nullable TraceIndex index,
            @Nullable LentIndex lent,
            long routedBy,
            boolean forwarded,
            @Nullable Object note) {
        if (offset < 0 || length < 0 || items < 0 || length > bytes.length - offset) {
            throw new IllegalArgumentException("no such range: " + offset + "+" + length + " of " + bytes.length);
        }
        this.signal = signal;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.items = items;
        this.index = index;
        this.lent = lent;
        this.routedBy = routedBy;
        this.forwarded = forwarded;
        this.note = note;
    }

    /**
     * A batch of bytes that are already known to be a well-formed request.
     *
     * @param items how many spans, data points or log records it holds
     */
    public static Batch of(Signal signal, byte[] bytes, int offset, int length, int items) {
        return new Batch(signal, bytes, offset, length, items, null);
    }

    /** A batch over a whole array of bytes that are already known to be a well-formed request. */
    public static Batch of(Signal signal, byte[] bytes, int items) {
        return new Batch(signal, bytes, 0, bytes.length, items, null);
    }

    /** A batch of traces over the bytes that an index was made of; the index is lent until delivery is completed. */
    public static Batch indexed(TraceIndex index) {
        return new Batch(Signal.TRACES, index.bytes(), index.offset(), index.length(), index.spans(), index);
    }

    /** The same batch of traces, of which the bytes were made of checked ones; the index is lent until delivery is completed. */
    public Batch lending(LentIndex toAll) {
        return new Batch(signal, bytes, offset, length, items, null, toAll, routedBy, forwarded, note);
    }

    public Signal signal() {
        return signal;
    }

    /** The array that holds the request, not a copy: to be read only, from {@link #offset} for {@link #length} bytes. */
    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    /** Where the request ends in {@link #bytes}, exclusive. */
    public int end() {
        return offset + length;
    }

    /** How many spans, data points or log records it holds. */
    public int items() {
        return items;
    }

    /**
     * The index of a batch of traces: one that is lent with it, or {@code scratch} after indexing.
     *
     * @throws MalformedOtlpException if there was none and the bytes are no well-formed request; never for a batch that a
     *     receiver let in
     */
    public TraceIndex index(TraceIndex scratch) throws MalformedOtlpException {
        if (index != null) {
            return index;
        }
        if (lent != null) {
            return lent.of(this);
        }
        scratch.index(bytes, offset, length);
        return scratch;
    }

    /** The same batch without the index that is lent only until delivery is completed. */
    public Batch withoutIndex() {
        return index == null && lent == null
                ? this
                : new Batch(signal, bytes, offset, length, items, null, null, routedBy, forwarded, note);
    }

    /**
     * The same batch, sent to who owns all of it.
     *
     * @param members which members the sender knew, as {@code Membership.fingerprint} tells; 0: not known
     * @param again whether the sender was sent it itself, so that it must not be sent on once more
     */
    public Batch routed(long members, boolean again) {
        return new Batch(signal, bytes, offset, length, items, index, lent, members, again, note);
    }

    /** The same batch with word for components behind the one that gives it; who does not know what it means passes it on. */
    public Batch noted(Object word) {
        return new Batch(signal, bytes, offset, length, items, index, lent, routedBy, forwarded, word);
    }

    /** What {@link #noted} was given last; null if it never was. */
    public @Nullable Object note() {
        return note;
    }

    /** Whether another batch is over the very same bytes. */
    @SuppressWarnings("ReferenceEquality") // The very array: its content may be megabytes.
    public boolean isSameBytes(Batch other) {
        return bytes == other.bytes && offset == other.offset && length == other.length;
    }

    /** Which members whoever sent it here knew when it chose this process for all of it; 0 if nobody chose. */
    public long routedBy() {
        return routedBy;
    }

    /** Whether it was sent on by one who was not the owner. */
    public boolean isForwarded() {
        return forwarded;
    }

    @Override
    public String toString() {
        return signal + "[" + items + " items, " + length + " bytes]";
    }
}
