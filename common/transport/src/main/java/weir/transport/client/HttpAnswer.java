package weir.transport.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

/** What an OTLP/HTTP response means, by OTLP's specification: 429, 502, 503 and 504 are worth another try, nothing else is. */
final class HttpAnswer {
    private HttpAnswer() {}

    /**
     * A response whose status is final.
     *
     * @param items how many the request had
     * @param body its first bytes
     */
    static Delivery of(String target, int status, HttpHeaders headers, byte[] body, int items, Instant now) {
        boolean protobuf = String.valueOf(headers.get(HttpHeaderNames.CONTENT_TYPE))
                        .toLowerCase(Locale.ROOT)
                        .startsWith("application/x-protobuf")
                && !headers.contains(HttpHeaderNames.CONTENT_ENCODING);
        if (status >= 200 && status < 300) {
            return protobuf ? Answers.success(items, body) : Delivery.ACCEPTED;
        }
        String said = protobuf ? Answers.statusMessage(body) : text(headers, body);
        String message = target + ": status " + status + (said.isEmpty() ? "" : ": " + said);
        return switch (status) {
            case 429, 502, 503, 504 ->
                Answers.unavailable(retryAfter(headers.get(HttpHeaderNames.RETRY_AFTER), now), message);
            case 301, 302, 303, 307, 308 ->
                Answers.rejected(message + "; redirects are not followed, set endpoint to "
                        + Answers.printable(headers.get(HttpHeaderNames.LOCATION, "where it leads")));
            case 413 -> Delivery.rejected(Reason.TOO_LARGE, message);
            default -> Answers.rejected(message);
        };
    }

    private static String text(HttpHeaders headers, byte[] body) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
        return type.startsWith("text/plain") || type.startsWith("application/json")
                ? Answers.printable(new String(body, StandardCharsets.UTF_8))
                : "";
    }

    /** Seconds or a date (RFC 9110, 10.2.3); zero when absent, past or neither. */
    static Duration retryAfter(@Nullable String value, Instant now) {
        if (value == null || value.isBlank()) {
            return Duration.ZERO;
        }
        String text = value.strip();
        try {
            if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return text.length() > 9 ? Duration.ofSeconds(999_999_999) : Duration.ofSeconds(Long.parseLong(text));
            }
            Duration until = Duration.between(
                    now,
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeException | ArithmeticException _) {
            return Duration.ZERO;
        }
    }
}
