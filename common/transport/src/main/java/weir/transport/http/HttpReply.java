package weir.transport.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * An answer.
 *
 * @param headers besides Content-Length and Connection, which the listener sets
 * @param body in parts, which are not written to any more
 */
public record HttpReply(int status, Map<String, String> headers, List<byte[]> body) {
    public static HttpReply of(int status, String contentType, byte[] body) {
        return new HttpReply(status, Map.of("content-type", contentType), List.of(body));
    }

    public static HttpReply text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** An answer without a body. */
    public static HttpReply empty(int status, Map<String, String> headers) {
        return new HttpReply(status, headers, List.of());
    }

    /** The same with one more header. */
    public HttpReply with(String name, String value) {
        Map<String, String> more = new java.util.HashMap<>(headers);
        more.put(name, value);
        return new HttpReply(status, Map.copyOf(more), body);
    }

    long length() {
        long sum = 0;
        for (byte[] part : body) {
            sum += part.length;
        }
        return sum;
    }
}
