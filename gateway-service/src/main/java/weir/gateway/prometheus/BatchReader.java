package weir.gateway.prometheus;

import java.util.random.RandomGenerator;
import weir.otlp.Batch;
import weir.otlp.FieldCursor;
import weir.pipeline.Reason;

/**
 * Takes the points of a batch into the store, by walking the batch's bytes. FieldCursor of a message may come in any order, and
 * what identifies a point may come after it, so each message is gone through twice: for itself, then for what it holds.
 * Belongs to the writer's thread.
 */
final class BatchReader {
    private static final int POINTS_PER_LOCK = 1024;

    /** Tells the identity of a target's info from those of the metrics of the same resource. */
    private static final long TARGET = 0x7461_7267_6574L;

    private final SeriesStore store;
    private final SeriesMaker maker;
    private final Drops drops;
    private final PrometheusLimits limits;
    private final Identity identity = new Identity(RandomGenerator.getDefault());
    private final Source source = new Source(identity);
    private final Point point;
    private final Point one = new Point(false).one();
    private final FieldCursor request = new FieldCursor();
    private final FieldCursor resourceMetrics = new FieldCursor();
    private final FieldCursor scopeMetrics = new FieldCursor();
    private final FieldCursor data = new FieldCursor();
    private byte[] bytes = {};
    private long nowNanos;
    private int points;
    private boolean touched;

    BatchReader(PrometheusConfig config, SeriesStore store, Drops drops) {
        this.store = store;
        this.drops = drops;
        this.limits = config.weir();
        maker = new SeriesMaker(config, store, identity);
        point = new Point(config.enableOpenMetrics());
    }

    /** Takes in all points but those that are counted as dropped. */
    void read(Batch batch, long now) {
        bytes = batch.bytes();
        nowNanos = now;
        store.lock.lock();
        try {
            request.reset(bytes, batch.offset(), batch.end());
            while (request.next()) {
                if (request.isBytes(1)) {
                    resource(request.from(), request.end());
                }
            }
        } finally {
            store.lock.unlock();
        }
    }

    private void resource(int from, int to) {
        source.readResource(bytes, from, to);
        touched = false;
        resourceMetrics.reset(bytes, from, to);
        while (resourceMetrics.next()) {
            if (resourceMetrics.isBytes(2)) {
                scope(resourceMetrics.from(), resourceMetrics.end());
            }
        }
    }

    private void scope(int from, int to) {
        source.readScope(bytes, from, to);
        scopeMetrics.reset(bytes, from, to);
        while (scopeMetrics.next()) {
            if (scopeMetrics.isBytes(2)) {
                source.readMetric(bytes, scopeMetrics.from(), scopeMetrics.end());
                Point.Kind kind = source.kind;
                if (kind != null) {
                    metric(kind);
                }
            }
        }
    }

    private void metric(Point.Kind kind) {
        String unsupported = unsupported(kind);
        data.reset(bytes, source.dataFrom, source.dataTo);
        while (data.next()) {
            if (data.isBytes(1)) {
                if (!unsupported.isEmpty()) {
                    drops.drop(Reason.UNSUPPORTED, source, unsupported);
                } else {
                    point(kind);
                }
            }
        }
    }

    private String unsupported(Point.Kind kind) {
        boolean summed = kind != Point.Kind.GAUGE && kind != Point.Kind.SUMMARY;
        if (!summed || source.temporality == Source.CUMULATIVE) {
            return "";
        }
        if (source.temporality != Source.DELTA) {
            return "its temporality is not given";
        }
        return kind == Point.Kind.SUM && !source.monotonic
                ? "a sum of differences that may fall cannot be shown; have the SDK make it cumulative"
                : "";
    }

    private void point(Point.Kind kind) {
        if (++points % POINTS_PER_LOCK == 0) {
            store.lock.unlock();
            store.lock.lock();
        }
        point.read(kind, bytes, data.from(), data.end());
        identity.begin(source.high, source.low).addAttributes(bytes, point.attributes);
        long high = identity.high();
        long low = identity.low();
        Series series = store.find(high, low);
        if (point.gone) {
            if (series != null) {
                store.remove(series);
            }
            return;
        }
        if (point.boundCount > limits.maxBuckets()) {
            drops.drop(Reason.TOO_LARGE, source, "it has more buckets than max_buckets (" + limits.maxBuckets() + ")");
        } else if (series != null) {
            update(series);
        } else {
            first(kind, high, low);
        }
    }

    private void update(Series series) {
        Reason why = series.update(point, nowNanos);
        if (why != null) {
            drops.drop(why, source, "a point is older than the one before it");
        } else if (series.newer != null) {
            drops.clashed(series.family.name);
        }
        touchTarget();
    }

    private void first(Point.Kind kind, long high, long low) {
        if (store.full()) {
            drops.drop(
                    Reason.SERIES_LIMIT,
                    source,
                    "there are already as many series as max_series and max_series_mib allow");
            return;
        }
        switch (maker.make(source, kind, point, high, low)) {
            case Made.New(Series series) -> {
                series.update(point, nowNanos);
                if (store.add(series)) {
                    drops.clash(series.family.name);
                }
                touchTarget();
            }
            case Made.None(Reason reason, String why) -> drops.drop(reason, source, why);
        }
    }

    /** Keeps the {@code target_info} of the resource alive, once per resource of a batch. */
    private void touchTarget() {
        if (touched) {
            return;
        }
        touched = true;
        if (!source.mayBeTarget()) {
            return;
        }
        identity.begin(source.resourceHigh, source.resourceLow).add(TARGET);
        long high = identity.high();
        long low = identity.low();
        Series series = store.find(high, low);
        if (series != null) {
            series.update(one, nowNanos);
        } else if (!store.full() && maker.target(source, high, low) instanceof Made.New(Series made)) {
            made.update(one, nowNanos);
            store.add(made);
        }
    }
}
