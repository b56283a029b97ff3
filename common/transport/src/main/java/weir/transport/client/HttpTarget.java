package weir.transport.client;

import java.net.URI;
import java.net.URISyntaxException;
import weir.otlp.Signal;

/**
 * Where an HTTP client posts to.
 *
 * @param tls whether the scheme is https
 * @param path with the query, as the request line has it
 */
public record HttpTarget(boolean tls, String host, int port, String path) {
    /**
     * The URL of one signal.
     *
     * @param endpoint the base, to which the signal's path is appended; may be empty if {@code own} is not
     * @param own the signal's own URL, taken as it is; empty: there is none
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static HttpTarget of(String endpoint, String own, Signal signal) {
        return own.isEmpty() ? parse(endpoint, signal.httpPath()) : parse(own, "");
    }

    private static HttpTarget parse(String text, String append) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no URL: " + e.getReason(), e);
        }
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        if (!tls && !"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no URL of HTTP; write http://host:port or https://host:port");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("a URL must not hold a password; send it by headers, as Authorization");
        }
        if (uri.getHost() == null || uri.getPort() > 65535) {
            throw new IllegalArgumentException("\"" + text + "\" has no host, or a port that is none");
        }
        String host = uri.getHost();
        host = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        path = (append.isEmpty() || !path.endsWith("/") ? path : path.substring(0, path.length() - 1)) + append;
        path = path.isEmpty() ? "/" : path;
        return new HttpTarget(tls, host, port, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    /** The value of the header {@code host}. */
    String authority() {
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? shown : shown + ":" + port;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority() + path;
    }
}
