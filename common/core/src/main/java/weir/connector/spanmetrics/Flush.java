package weir.connector.spanmetrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import weir.connector.spanmetrics.RequestWriter.Metric;
import weir.connector.spanmetrics.WaitingExemplars.Exemplar;
import weir.otlp.Batch;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.pipeline.TraceVerdicts.Verdict;

/**
 * Makes requests of what was counted, and has the counter forget what was shown for the last time. Belongs to who counts.
 */
final class Flush {
    /** Well below what receivers take at most (4 MiB, usually). */
    static final int MAX_REQUEST_BYTES = 1 << 20;

    private static final int START = 2;
    private static final int TIME = 3;
    private static final int COUNT = 4;
    private static final int SUM = 5;

    private static final int SUM_AS_INT = 6;
    private static final int SUM_EXEMPLARS = 5;

    private static final int HISTOGRAM_COUNTS = 6;
    private static final int HISTOGRAM_BOUNDS = 7;
    private static final int HISTOGRAM_EXEMPLARS = 8;

    private static final int EXPONENTIAL_SCALE = 6;
    private static final int EXPONENTIAL_ZERO_COUNT = 7;
    private static final int EXPONENTIAL_POSITIVE = 8;
    private static final int EXPONENTIAL_EXEMPLARS = 11;
    private static final int EXPONENTIAL_MIN = 12;
    private static final int EXPONENTIAL_MAX = 13;
    private static final int BUCKETS_OFFSET = 1;
    private static final int BUCKETS_COUNTS = 2;

    private static final int EXEMPLAR_TIME = 2;
    private static final int EXEMPLAR_DOUBLE = 3;
    private static final int EXEMPLAR_SPAN_ID = 4;
    private static final int EXEMPLAR_TRACE_ID = 5;

    private final SpanCounter counter;
    private final SpanMetricsConfig config;
    private final Metric calls;
    private final Metric durations;
    private final Metric events;
    private final Map<Long, Long> shownUnixNanos;
    private final byte[] id = new byte[16];
    /** Where only spans of kept traces are shown. */
    private final @Nullable WaitingExemplars waiting;

    private long timeUnixNanos;
    private boolean hidesCounts;

    Flush(SpanMetricsConfig config, SpanCounter counter) {
        this.config = config;
        this.counter = counter;
        this.waiting = config.exemplars().waits() ? new WaitingExemplars(config.exemplars()) : null;
        String prefix = config.namespace().isEmpty() ? "" : config.namespace() + ".";
        boolean exponential = config.histogram().exponential() != null;
        this.calls = new Metric(prefix + "calls", "", Fields.METRIC_SUM, true);
        this.durations = new Metric(
                prefix + "duration",
                config.histogram().unit().symbol(),
                exponential ? Fields.METRIC_EXPONENTIAL_HISTOGRAM : Fields.METRIC_HISTOGRAM,
                false);
        this.events = new Metric(prefix + "events", "", Fields.METRIC_SUM, true);
        this.shownUnixNanos = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
                return size() > config.metricTimestampCacheSize();
            }
        };
    }

    /** The exemplars that wait for a sampler; null if they do not. */
    @Nullable
    WaitingExemplars waiting() {
        return waiting;
    }

    /** The traces that the sampler is to be asked about, all exemplars so far among them. */
    long[] undecidedTraces(long nowNanos) {
        if (waiting == null) {
            return new long[0];
        }
        counter.families().forEach(f -> waiting.take(f.series(), nowNanos));
        return waiting.traceIds();
    }

    /** Takes in what became of these; nothing may have been asked in between. */
    void decided(Verdict[] verdicts, long nowNanos) {
        if (waiting != null) {
            waiting.decide(verdicts, nowNanos);
        }
    }

    /**
     * The requests of what was counted so far; none if there is nothing.
     *
     * @param nowUnixNanos later requests are given a later time, by a nanosecond at the least
     * @param nowNanos as the timer tells, for expiry
     */
    List<Batch> make(long nowUnixNanos, long nowNanos) {
        timeUnixNanos = Math.max(nowUnixNanos, timeUnixNanos + 1);
        hidesCounts = false;
        RequestWriter writer = new RequestWriter(config.isDelta(), MAX_REQUEST_BYTES);
        List<ResourceSeries> resources = counter.resources().all();
        int[][] order = new int[counter.families().size()][];
        int[] at = new int[order.length];
        for (Family family : counter.families()) {
            order[family.number()] = byResource(family.series());
        }
        for (ResourceSeries resource : resources) {
            for (Family family : counter.families()) {
                int[] series = order[family.number()];
                int from = at[family.number()];
                int end = from;
                while (end < series.length && family.series().resource(series[end]) == resource) {
                    end++;
                }
                at[family.number()] = end;
                write(writer, family, series, from, end);
            }
        }
        if (waiting != null) {
            waiting.forgetShown();
        }
        forget(resources, nowNanos);
        return writer.requests();
    }

    /** The numbers of all series, by those of their resources: in the order of {@link Resources#all}, the rest at the end. */
    private static int[] byResource(SeriesTable table) {
        long[] keys = new long[table.size()];
        for (int i = 0; i < keys.length; i++) {
            ResourceSeries resource = table.resource(i);
            keys[i] = ((resource.overflow ? Integer.MAX_VALUE : (long) resource.number) << 32) | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(k -> (int) k).toArray();
    }

    /** Whether the last requests had series that are shown for the first time, the counts of which come with the next. */
    boolean hidesCounts() {
        return hidesCounts;
    }

    private void write(RequestWriter writer, Family family, int[] series, int from, int end) {
        SeriesTable table = family.series();
        long[] starts = new long[end - from];
        for (int i = from; i < end; i++) {
            starts[i - from] = start(table, series[i]);
        }
        if (family.calls() || family.events()) {
            for (int i = from; i < end; i++) {
                sum(writer, family.calls() ? calls : events, table, series[i], starts[i - from]);
            }
        }
        if (family.durations()) {
            for (int i = from; i < end; i++) {
                if (durations.data() == Fields.METRIC_HISTOGRAM) {
                    histogram(writer, table, series[i], starts[i - from]);
                } else {
                    exponential(writer, table, series[i], starts[i - from]);
                }
            }
        }
    }

    /** Delta points begin where the one before ended, as far as that is remembered. */
    private long start(SeriesTable table, int series) {
        if (!config.isDelta()) {
            return table.startUnixNanos(series);
        }
        Long shown = shownUnixNanos.put(table.identity(series), timeUnixNanos);
        return shown == null ? table.startUnixNanos(series) : shown;
    }

    /**
     * Of calls and events a cumulative series begins with a point of 0, and the count comes with the next, as in the collector:
     * Prometheus sees no increase in the first value that it sees.
     */
    private void sum(RequestWriter writer, Metric metric, SeriesTable table, int series, long start) {
        boolean first = !table.showing(series) && !config.isDelta();
        hidesCounts |= first;
        Output out = writer.begin(table.resource(series), metric);
        times(out, start);
        out.fixed64(SUM_AS_INT, first ? 0 : table.count(series));
        exemplars(out, SUM_EXEMPLARS, table, series);
        attributes(out, Fields.NUMBER_POINT_ATTRIBUTES, table, series);
        writer.end();
    }

    private void histogram(RequestWriter writer, SeriesTable table, int series, long start) {
        Output out = writer.begin(table.resource(series), durations);
        double[] bounds = table.bounds();
        times(out, start);
        out.fixed64(COUNT, table.count(series));
        out.number(SUM, table.sum(series));
        int counts = out.begin(HISTOGRAM_COUNTS);
        for (int i = 0; i <= bounds.length; i++) {
            out.rawFixed64(table.bucket(series, i));
        }
        out.end(counts);
        int upper = out.begin(HISTOGRAM_BOUNDS);
        for (double bound : bounds) {
            out.rawFixed64(Double.doubleToRawLongBits(bound));
        }
        out.end(upper);
        exemplars(out, HISTOGRAM_EXEMPLARS, table, series);
        attributes(out, Fields.HISTOGRAM_POINT_ATTRIBUTES, table, series);
        writer.end();
    }

    private void exponential(RequestWriter writer, SeriesTable table, int series, long start) {
        Output out = writer.begin(table.resource(series), durations);
        ExponentialHistogram histogram = table.exponentialOf(series);
        times(out, start);
        out.fixed64(COUNT, histogram.count());
        out.number(SUM, histogram.sum());
        out.varint(EXPONENTIAL_SCALE, zigzag(histogram.scale()));
        out.fixed64(EXPONENTIAL_ZERO_COUNT, histogram.zeroCount());
        int positive = out.begin(EXPONENTIAL_POSITIVE);
        out.varint(BUCKETS_OFFSET, zigzag(histogram.offset()));
        int counts = out.begin(BUCKETS_COUNTS);
        for (int i = 0; i < histogram.buckets(); i++) {
            out.rawVarint(histogram.bucket(i));
        }
        out.end(counts).end(positive);
        exemplars(out, EXPONENTIAL_EXEMPLARS, table, series);
        out.number(EXPONENTIAL_MIN, histogram.min());
        out.number(EXPONENTIAL_MAX, histogram.max());
        attributes(out, Fields.EXPONENTIAL_POINT_ATTRIBUTES, table, series);
        writer.end();
    }

    private void times(Output out, long start) {
        out.fixed64(START, start);
        out.fixed64(TIME, timeUnixNanos);
    }

    private static long zigzag(int n) {
        return Integer.toUnsignedLong((n << 1) ^ (n >> 31));
    }

    private void exemplars(Output out, int field, SeriesTable table, int series) {
        if (waiting != null) {
            for (Exemplar e : waiting.of(new WaitingExemplars.Series(table.family(), table.identity(series)))) {
                exemplar(out, field, e.value(), e.spanId(), e.traceIdHigh(), e.traceIdLow());
            }
            return;
        }
        for (int i = 0; i < table.exemplars(series); i++) {
            exemplar(
                    out,
                    field,
                    table.exemplarValue(series, i),
                    table.exemplarSpanId(series, i),
                    table.exemplarTraceIdHigh(series, i),
                    table.exemplarTraceIdLow(series, i));
        }
    }

    private void exemplar(Output out, int field, double value, long spanId, long traceIdHigh, long traceIdLow) {
        int exemplar = out.begin(field);
        out.fixed64(EXEMPLAR_TIME, timeUnixNanos);
        out.number(EXEMPLAR_DOUBLE, value);
        putId(0, spanId);
        out.field(EXEMPLAR_SPAN_ID, id, 0, 8);
        putId(0, traceIdHigh);
        putId(8, traceIdLow);
        out.field(EXEMPLAR_TRACE_ID, id, 0, 16);
        out.end(exemplar);
    }

    private void putId(int at, long half) {
        Wire.putFixed64(id, at, Long.reverseBytes(half));
    }

    /** Attributes are held as fields number 1; both tags are one byte. */
    private static void attributes(Output out, int field, SeriesTable table, int series) {
        int at = out.size();
        byte[] attributes = table.attributes(series);
        out.put(attributes);
        int tag = (field << 3) | Wire.BYTES;
        for (int end = out.size(); at < end; ) {
            out.bytes()[at] = (byte) tag;
            int after = at + 1;
            while (out.bytes()[after] < 0) {
                after++;
            }
            after++;
            at = after + (int) Wire.varint(out.bytes(), at + 1, after);
        }
    }

    /** Forgets what was shown for the last time: of delta metrics all, else what is over a limit or expired. */
    private void forget(List<ResourceSeries> resources, long nowNanos) {
        long resourceNanos = config.isDelta() ? 0 : config.metricsExpiration().toNanos();
        long seriesNanos = config.isDelta() ? 0 : config.seriesExpiration().toNanos();
        Predicate<ResourceSeries> gone =
                r -> r.evicted || (resourceNanos > 0 && nowNanos - r.lastSeenNanos >= resourceNanos);
        boolean some = resources.stream().anyMatch(gone);
        for (Family family : counter.families()) {
            SeriesTable table = family.series();
            if (waiting == null) {
                table.forgetExemplars();
            } else {
                waiting.take(table, nowNanos);
            }
            if (config.isDelta()) {
                table.retain(i -> false, resources);
            } else if (some || seriesNanos > 0) {
                table.retain(
                        i -> !gone.test(table.resource(i))
                                && (seriesNanos == 0 || nowNanos - table.lastSeenNanos(i) < seriesNanos),
                        resources);
            }
        }
        if (some) {
            counter.resources().forget(gone);
        }
    }
}
