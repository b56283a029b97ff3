package weir.agent.routing;

import org.jspecify.annotations.Nullable;
import weir.otlp.Signal;

/** What decides who gets an item. */
enum RoutingKey {
    TRACE_ID("traceID"),
    SERVICE("service"),
    RESOURCE("resource");

    private final String word;

    RoutingKey(String word) {
        this.word = word;
    }

    /** As in a file. */
    String word() {
        return word;
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
