package weir.transport.client;

import java.util.Locale;

/**
 * The endpoint of a gRPC client as files write it: {@code host:port}, {@code http://host:port} for plaintext whatever
 * {@code tls} says, {@code https://host:port}, or with grpc's scheme {@code dns:///host:port}.
 *
 * @param target for grpc-java
 * @param plaintext whether the scheme asks for no TLS
 */
public record GrpcTarget(String target, boolean plaintext) {
    /** @throws IllegalArgumentException with a sentence for the user */
    public static GrpcTarget parse(String endpoint) {
        String text = endpoint.strip();
        String lower = text.toLowerCase(Locale.ROOT);
        boolean plaintext = lower.startsWith("http://");
        if (plaintext || lower.startsWith("https://")) {
            text = text.substring(text.indexOf("://") + 3);
            text = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        } else if (lower.startsWith("dns:")) {
            text = text.substring(text.lastIndexOf('/') + 1);
            text = text.toLowerCase(Locale.ROOT).startsWith("dns:") ? text.substring(4) : text;
        } else if (lower.contains("://") || lower.startsWith("unix:") || lower.startsWith("passthrough:")) {
            throw new IllegalArgumentException(
                    "\"" + endpoint + "\" has a scheme that Weir does not know; write host:port, http://host:port,"
                            + " https://host:port or dns:///host:port");
        }
        checkHostPort(endpoint, text);
        return new GrpcTarget("dns:///" + text, plaintext);
    }

    private static void checkHostPort(String endpoint, String text) {
        int colon = text.lastIndexOf(':');
        int bracket = text.lastIndexOf(']');
        if (colon <= bracket || colon <= 0) {
            throw new IllegalArgumentException(
                    "\"" + endpoint + "\" has no host and port; write host:port, such as gateway:4317");
        }
        if (bracket < 0 && text.indexOf(':') != colon) {
            throw new IllegalArgumentException(
                    "\"" + endpoint + "\": write an IPv6 address in brackets, such as [::1]:4317");
        }
        if (text.indexOf('/') >= 0 || text.indexOf('@') >= 0 || text.indexOf('?') >= 0) {
            throw new IllegalArgumentException("\"" + endpoint + "\": a gRPC endpoint has only a host and a port");
        }
        int port = -1;
        try {
            port = Integer.parseInt(text, colon + 1, text.length(), 10);
        } catch (NumberFormatException _) {
            // Answered below, like a number out of range.
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "\"" + endpoint + "\": \"" + text.substring(colon + 1) + "\" is no port; ports are 1 to 65535");
        }
    }
}
