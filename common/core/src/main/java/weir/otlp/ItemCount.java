package weir.otlp;

/** Counts spans, data points and log records of bytes that were checked, stepping over everything else. */
public final class ItemCount {
    private ItemCount() {}

    /** The items of a ResourceSpans, ResourceMetrics or ResourceLogs. */
    public static int ofResource(Signal signal, byte[] b, int from, int end) {
        Shape shape = switch (signal) {
            case TRACES -> Shape.RESOURCE_SPANS;
            case METRICS -> Shape.RESOURCE_METRICS;
            case LOGS -> Shape.RESOURCE_LOGS;
        };
        return count(shape, b, from, end);
    }

    /** The items of a ScopeSpans, ScopeMetrics or ScopeLogs. */
    public static int ofScope(Signal signal, byte[] b, int from, int end) {
        Shape shape = switch (signal) {
            case TRACES -> Shape.SCOPE_SPANS;
            case METRICS -> Shape.SCOPE_METRICS;
            case LOGS -> Shape.SCOPE_LOGS;
        };
        return count(shape, b, from, end);
    }

    /** The data points of a Metric. */
    public static int ofMetric(byte[] b, int from, int end) {
        return count(Shape.METRIC, b, from, end);
    }

    private static int count(Shape shape, byte[] b, int from, int end) {
        try {
            return shape.count(b, from, end);
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
    }
}
