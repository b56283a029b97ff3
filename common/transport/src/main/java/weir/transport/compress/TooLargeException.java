package weir.transport.compress;

import java.io.IOException;

/** A body or message, once decompressed, is over its limit. Carries no stack trace: clients decide how often it is made. */
public final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    public TooLargeException(long maxBytes) {
        super("larger than " + maxBytes + " bytes when decompressed");
    }

    private TooLargeException(String message) {
        super(message);
    }

    /** What becomes so many times as large as no proper data does. */
    static TooLargeException bomb(int ratio) {
        return new TooLargeException("more than " + ratio + " times as large when decompressed, as no telemetry is");
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
