package weir.otlp;

/** Counts spans, data points and log records of bytes that were checked, stepping over everything else. */
final class ItemCount {
    private ItemCount() {}

    /** The items of a ResourceSpans, ResourceMetrics or ResourceLogs. */
    static int ofResource(Signal signal, byte[] b, int from, int end) {
        Shape shape = switch (signal) {
            case TRACES -> Shape.RESOURCE_SPANS;
            case METRICS -> Shape.RESOURCE_METRICS;
            case LOGS -> Shape.RESOURCE_LOGS;
        };
        try {
            return shape.count(b, from, end);
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
    }
}
