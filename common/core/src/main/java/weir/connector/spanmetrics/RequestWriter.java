package weir.connector.spanmetrics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.Output;
import weir.otlp.Signal;

/**
 * Writes points into requests of metrics of a bounded size: resource, scope and metric are opened where they change, and anew
 * in the next request. Used once, by one thread.
 */
final class RequestWriter {
    /** As the collector's, so that what is made of its name stays. */
    private static final byte[] SCOPE =
            new Output(32).field(1, "spanmetricsconnector").toByteArray();

    private static final int RESOURCE_METRICS = 1;
    private static final int RESOURCE = 1;
    private static final int SCOPE_METRICS = 2;
    private static final int SCOPE_OF_METRICS = 1;
    private static final int METRICS = 2;
    private static final int NAME = 1;
    private static final int UNIT = 3;
    private static final int POINTS = 1;
    private static final int TEMPORALITY = 2;
    private static final int IS_MONOTONIC = 3;

    /**
     * A metric.
     *
     * @param data which field of a Metric its points are in; see {@link weir.otlp.Fields}
     */
    record Metric(String name, String unit, int data, boolean isMonotonic) {}

    private final int maxRequestBytes;
    private final int temporality;
    private final Output out;
    private final List<Batch> requests = new ArrayList<>();
    private @Nullable ResourceSeries resource;
    private @Nullable Metric metric;
    private int resourceMark;
    private int scopeMark;
    private int metricMark;
    private int dataMark;
    private int pointMark;
    private int points;

    /** @param maxRequestBytes a request ends with the point that makes it longer */
    RequestWriter(boolean isDelta, int maxRequestBytes) {
        this.temporality = isDelta ? 1 : 2;
        this.maxRequestBytes = maxRequestBytes;
        this.out = new Output(Math.min(maxRequestBytes, 1 << 16));
    }

    /** Begins a point; its fields are to be written next. */
    Output begin(ResourceSeries of, Metric in) {
        if (resource != of) {
            closeResource();
            resourceMark = out.begin(RESOURCE_METRICS);
            out.field(RESOURCE, of.attributes);
            scopeMark = out.begin(SCOPE_METRICS);
            out.field(SCOPE_OF_METRICS, SCOPE);
            resource = of;
        }
        if (!in.equals(metric)) {
            closeMetric();
            metricMark = out.begin(METRICS);
            out.field(NAME, in.name.getBytes(StandardCharsets.UTF_8));
            if (!in.unit.isEmpty()) {
                out.field(UNIT, in.unit);
            }
            dataMark = out.begin(in.data);
            metric = in;
        }
        pointMark = out.begin(POINTS);
        return out;
    }

    /** Ends the point that was begun. */
    void end() {
        out.end(pointMark);
        points++;
        if (out.size() >= maxRequestBytes) {
            finish();
        }
    }

    private void closeMetric() {
        if (metric != null) {
            out.varint(TEMPORALITY, temporality);
            if (metric.isMonotonic) {
                out.varint(IS_MONOTONIC, 1);
            }
            out.end(dataMark).end(metricMark);
            metric = null;
        }
    }

    private void closeResource() {
        closeMetric();
        if (resource != null) {
            out.end(scopeMark).end(resourceMark);
            resource = null;
        }
    }

    private void finish() {
        closeResource();
        if (points > 0) {
            requests.add(Batch.of(Signal.METRICS, out.toByteArray(), points));
            out.clear();
            points = 0;
        }
    }

    /** All that was written, in order. */
    List<Batch> requests() {
        finish();
        return List.copyOf(requests);
    }
}
