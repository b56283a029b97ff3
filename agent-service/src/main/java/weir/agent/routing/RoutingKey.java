package weir.agent.routing;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.otlp.Signal;

/** What decides who gets an item. */
enum RoutingKey {
    /** The trace that a span belongs to. */
    TRACE_ID("traceID"),
    /** The service.name of a resource. */
    SERVICE("service"),
    /** All attributes of a resource. */
    RESOURCE("resource"),
    /** The name of a metric. */
    METRIC("metric"),
    /** All that tells one series of a metric from another. */
    STREAM_ID("streamID"),
    /** Some attributes of resource, scope, span or log record. */
    ATTRIBUTES("attributes");

    private final String word;

    RoutingKey(String word) {
        this.word = word;
    }

    /** As in a file. */
    String word() {
        return word;
    }

    boolean isFor(Signal signal) {
        return switch (this) {
            case TRACE_ID -> signal == Signal.TRACES;
            case SERVICE, RESOURCE -> true;
            case METRIC, STREAM_ID -> signal == Signal.METRICS;
            case ATTRIBUTES -> signal != Signal.METRICS;
        };
    }

    /** Whether the key is bytes that collectors form alike, so that their rings know it. */
    boolean isKnownToCollectors() {
        return this != RESOURCE && this != STREAM_ID;
    }

    /** The words of all keys, or of those for a signal. */
    static String words(@Nullable Signal signal) {
        return Arrays.stream(values())
                .filter(k -> signal == null || k.isFor(signal))
                .map(RoutingKey::word)
                .collect(Collectors.joining(", "));
    }

    static @Nullable RoutingKey of(String word) {
        for (RoutingKey key : values()) {
            if (key.word.equals(word)) {
                return key;
            }
        }
        return null;
    }

    /** The collector's defaults. */
    static RoutingKey defaultOf(Signal signal) {
        return signal == Signal.TRACES ? TRACE_ID : SERVICE;
    }
}
