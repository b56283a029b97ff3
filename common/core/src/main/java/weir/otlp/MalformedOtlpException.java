package weir.otlp;

/**
 * Bytes that are no well-formed OTLP request. Carries no stack trace: a hostile client decides how often it is made, and
 * where the bytes are wrong is in the message.
 */
public final class MalformedOtlpException extends Exception {
    /** @param offset of the byte that is wrong, counted from the start of the request */
    public MalformedOtlpException(String what, int offset) {
        super(what + " at byte " + offset, null, false, false);
    }
}
