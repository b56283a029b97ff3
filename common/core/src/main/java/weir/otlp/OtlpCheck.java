package weir.otlp;

/** The check at the door: what it lets in is well-formed down to the last attribute, so nobody behind it checks again. */
public final class OtlpCheck {
    private OtlpCheck() {}

    /**
     * Checks an export request and counts its spans, data points or log records.
     *
     * <p>Accepts what protobuf's own parser accepts, except: ids of another size than OTLP's, tags and lengths beyond 32
     * bits (protobuf-java cuts them off), and more than {@link TraceIndex#MAX_SPANS} spans when indexing.
     *
     * @param bytes to be given away: nobody may write to them afterwards
     * @throws MalformedOtlpException if it is no well-formed request of the signal
     */
    public static Batch check(Signal signal, byte[] bytes, int offset, int length) throws MalformedOtlpException {
        try {
            int items = Shape.of(signal).check(bytes, offset, offset + length, 0);
            return Batch.of(signal, bytes, offset, length, items);
        } catch (MalformedOtlpException e) {
            throw e.relativeTo(offset);
        }
    }

    /**
     * The same, and indexes traces on the way, which costs hardly more than the check.
     *
     * @param index what to write the index of a request of traces to; lent with the batch until its delivery is completed
     */
    public static Batch check(Signal signal, byte[] bytes, int offset, int length, TraceIndex index)
            throws MalformedOtlpException {
        if (signal != Signal.TRACES) {
            return check(signal, bytes, offset, length);
        }
        index.index(bytes, offset, length);
        return Batch.indexed(index);
    }
}
