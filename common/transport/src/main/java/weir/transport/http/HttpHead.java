package weir.transport.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.SocketAddress;

/** What a request says before its body. Safe for use by any thread. */
public final class HttpHead {
    private final String method;
    private final String path;
    private final String query;
    private final HttpHeaders headers;
    private final SocketAddress remote;

    HttpHead(String method, String uri, HttpHeaders headers, SocketAddress remote) {
        this.method = method;
        int mark = uri.indexOf('?');
        this.path = mark < 0 ? uri : uri.substring(0, mark);
        this.query = mark < 0 ? "" : uri.substring(mark + 1);
        this.headers = headers;
        this.remote = remote;
    }

    public String method() {
        return method;
    }

    /** As it was sent, not decoded, without the query. */
    public String path() {
        return path;
    }

    /** What follows the question mark, not decoded; empty if nothing does. */
    public String query() {
        return query;
    }

    /** The value of a header, whatever the case of its name; empty if there is none. */
    public String header(String name) {
        return headers.get(name, "");
    }

    /** The media type of the body in lower case, without parameters; empty if none is given. */
    public String contentType() {
        String value = header("content-type");
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).trim().toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether {@code Accept-Encoding} names gzip and does not give it the weight 0. */
    public boolean acceptsGzip() {
        for (String part : header("accept-encoding").split(",", -1)) {
            String token = part.trim().toLowerCase(java.util.Locale.ROOT);
            if (token.startsWith("gzip") || token.startsWith("*")) {
                return !token.matches(".*;\\s*q=0(\\.0*)?");
            }
        }
        return false;
    }

    public SocketAddress remote() {
        return remote;
    }
}
