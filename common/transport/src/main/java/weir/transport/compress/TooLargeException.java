package weir.transport.compress;

import java.io.IOException;

/** A body or message, once decompressed, is over its limit. Carries no stack trace: clients decide how often it is made. */
public final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    public TooLargeException(long maxBytes) {
        super("larger than " + maxBytes + " bytes when decompressed");
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
