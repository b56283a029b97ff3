package weir.transport.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import weir.config.Option;

/** The {@code cors} section of a listener: which web pages may ask it. Empty: none. */
public record Cors(
        @Option(
                doc = "Origins that may send, such as https://example.com; `*` stands for any text and may come once in"
                        + " each. Empty: none.")
        List<String> allowedOrigins,

        @Option(doc = "Request headers that they may set, besides the simple ones and Content-Type; `*` for all.")
        List<String> allowedHeaders,

        @Option(doc = "Answer headers that they may read.") List<String> exposedHeaders,

        @Option(doc = "How many seconds a browser may remember this; 0: its own default.")
        int maxAge) {

    /** Whether a request asks, ahead of another, what is allowed. */
    public static boolean isPreflight(HttpHead head) {
        return head.method().equals("OPTIONS")
                && !head.header("origin").isEmpty()
                && !head.header("access-control-request-method").isEmpty();
    }

    /** The answer to a preflight. */
    public HttpReply preflight(HttpHead head) {
        Map<String, String> headers = new HashMap<>(headers(head));
        if (!headers.isEmpty()) {
            headers.put("access-control-allow-methods", "POST");
            String wanted = head.header("access-control-request-headers");
            headers.put(
                    "access-control-allow-headers",
                    allowedHeaders.contains("*")
                            ? wanted
                            : String.join(", ", allowedHeaders.isEmpty() ? List.of("content-type") : all()));
            if (maxAge > 0) {
                headers.put(
                        "access-control-max-age",
                        Long.toString(Duration.ofSeconds(maxAge).toSeconds()));
            }
        }
        headers.put("vary", "origin, access-control-request-headers");
        return HttpReply.empty(204, headers);
    }

    private List<String> all() {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of("content-type"), allowedHeaders.stream())
                .toList();
    }

    /** What to add to an answer: nothing for an origin that is not allowed. */
    public Map<String, String> headers(HttpHead head) {
        String origin = head.header("origin");
        if (origin.isEmpty() || allowedOrigins.stream().noneMatch(pattern -> matches(pattern, origin))) {
            return Map.of();
        }
        Map<String, String> headers = new HashMap<>();
        headers.put("access-control-allow-origin", origin);
        headers.put("vary", "origin");
        if (!exposedHeaders.isEmpty()) {
            headers.put("access-control-expose-headers", String.join(", ", exposedHeaders));
        }
        return headers;
    }

    private static boolean matches(String pattern, String origin) {
        String wanted = pattern.toLowerCase(Locale.ROOT);
        String given = origin.toLowerCase(Locale.ROOT);
        int star = wanted.indexOf('*');
        if (star < 0) {
            return wanted.equals(given);
        }
        return given.length() >= wanted.length() - 1
                && given.startsWith(wanted.substring(0, star))
                && given.endsWith(wanted.substring(star + 1));
    }
}
