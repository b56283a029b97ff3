package weir.recent;

import java.util.List;
import java.util.Map;

/**
 * One span as the console shows it. Ids are hexadecimal, absent ones empty; times are Unix nanoseconds.
 *
 * @param service {@code service.name} of its resource, empty if unknown
 * @param kind unspecified, internal, server, client, producer, consumer
 * @param status unset, ok, error
 * @param scope name of the instrumentation scope
 */
public record KeptSpan(
        String traceId,
        String spanId,
        String parentSpanId,
        String service,
        String name,
        String kind,
        String status,
        String statusMessage,
        String scope,
        long startUnixNanos,
        long durationNanos,
        Map<String, String> attributes,
        Map<String, String> resource,
        List<Event> events) {
    /** Something that happened within the span. */
    public record Event(String name, long unixNanos, Map<String, String> attributes) {}
}
