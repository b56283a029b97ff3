package weir.otlp;

/**
 * Bytes that are no well-formed OTLP request. Carries no stack trace: a hostile client decides how often it is made, and
 * where the bytes are wrong is in the message.
 */
public final class MalformedOtlpException extends Exception {
    private final String what;
    private final int offset;

    /** @param offset of the byte that is wrong */
    public MalformedOtlpException(String what, int offset) {
        super(what + " at byte " + offset, null, false, false);
        this.what = what;
        this.offset = offset;
    }

    /** @param message what is wrong, and where, in words */
    MalformedOtlpException(String message) {
        super(message, null, false, false);
        this.what = message;
        this.offset = -1;
    }

    /** The same with its offset counted from the start of the request, which is what its sender can make sense of. */
    MalformedOtlpException relativeTo(int start) {
        return start == 0 || offset < 0 ? this : new MalformedOtlpException(what, offset - start);
    }
}
