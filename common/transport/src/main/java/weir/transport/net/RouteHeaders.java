package weir.transport.net;

import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;

/**
 * How one process of Weir tells another why it sends it a request: {@code weir-members}, which members it knew when it chose
 * the owner (16 hexadecimal digits), and {@code weir-forwarded: 1}, that it is not to be sent on once more. What cannot be
 * read is taken for absent: then the receiver looks for the owners itself.
 */
public final class RouteHeaders {
    private static final Metadata.Key<String> MEMBERS =
            Metadata.Key.of("weir-members", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> FORWARDED =
            Metadata.Key.of("weir-forwarded", Metadata.ASCII_STRING_MARSHALLER);

    private RouteHeaders() {}

    /** Writes what a batch knows of its way. */
    public static void write(Batch batch, Metadata headers) {
        if (batch.routedBy() != 0) {
            headers.put(MEMBERS, Long.toHexString(batch.routedBy()));
        }
        if (batch.isForwarded()) {
            headers.put(FORWARDED, "1");
        }
    }

    /** Which members the sender knew; 0: it did not say. */
    public static long members(Metadata headers) {
        String text = headers.get(MEMBERS);
        return text == null ? 0 : parsed(text);
    }

    private static long parsed(String text) {
        try {
            return Long.parseUnsignedLong(text, 16);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** Whether the request was sent on already. */
    public static boolean isForwarded(Metadata headers) {
        @Nullable String text = headers.get(FORWARDED);
        return "1".equals(text);
    }
}
