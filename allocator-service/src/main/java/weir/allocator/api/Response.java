package weir.allocator.api;

import java.nio.charset.StandardCharsets;

/** @param contentType empty when there is no body */
public record Response(int status, String contentType, byte[] body) {
    static Response empty(int status) {
        return new Response(status, "", new byte[0]);
    }

    static Response json(Object value) {
        return json(200, value);
    }

    /** Without a charset, as Prometheus and the Target Allocator have it; JSON is UTF-8. */
    static Response json(int status, Object value) {
        return new Response(status, "application/json", Json.bytes(value));
    }

    static Response text(int status, String text) {
        return new Response(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
