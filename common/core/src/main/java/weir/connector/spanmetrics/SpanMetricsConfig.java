package weir.connector.spanmetrics;

import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.config.ByteSize;
import weir.config.Checked;
import weir.config.Option;
import weir.match.Glob;
import weir.pipeline.NamesSampler;

/** Options of the {@code span_metrics} connector. */
public record SpanMetricsConfig(
        @Option(
                doc = "What the names of the metrics begin with: `<namespace>.calls`, `.duration`, `.events`.",
                fallback = "traces.span.metrics")
        String namespace,

        @Option(
                doc = "Attributes of the span, or else of its resource, that series are told apart by besides"
                        + " `service.name`, `span.name`, `span.kind` and `status.code`.")
        List<Dimension> dimensions,

        @Option(doc = "The same for `calls` only.") List<Dimension> callsDimensions,

        @Option(
                doc = "Of the dimensions that there are by themselves, those to leave out: `service.name`, `span.name`,"
                        + " `span.kind`, `status.code`, `collector.instance.id`.")
        List<String> excludeDimensions,

        @Option(doc = "The histogram of durations.") HistogramConfig histogram,

        @Option(
                doc = "Whether points tell what was since the start or since the point before:"
                        + " AGGREGATION_TEMPORALITY_CUMULATIVE or AGGREGATION_TEMPORALITY_DELTA.",
                fallback = "AGGREGATION_TEMPORALITY_CUMULATIVE")
        Temporality aggregationTemporality,

        @Option(doc = "How often metrics are passed on.", fallback = "60s")
        Duration metricsFlushInterval,

        @Option(
                doc =
                        "How long a resource without spans is shown; 0s: forever. Cumulative metrics only: delta ones show"
                                + " what there was.")
        Duration metricsExpiration,

        @Option(doc = "How long a series without spans is shown; 0s: forever. Cumulative metrics only.")
        Duration seriesExpiration,

        @Option(
                doc =
                        "How many resources are kept; of those beyond, the one that was silent for longest is shown once more"
                                + " and forgotten.",
                fallback = "1000")
        int resourceMetricsCacheSize,

        @Option(
                doc =
                        "The resource attributes that tell resources apart; none: all. The attributes shown are those of the"
                                + " first of several that are then alike.")
        List<String> resourceMetricsKeyAttributes,

        @Option(
                doc = "How many series a resource may have of each metric; 0: as many as `weir.max_series` allows. What"
                        + " belongs to others is counted in one that has only `otel.metric.overflow`.")
        int aggregationCardinalityLimit,

        @Option(
                doc = "Of how many series it is remembered when they were shown last, which is where their next point"
                        + " starts. Delta metrics only.",
                fallback = "1000")
        int metricTimestampCacheSize,

        @Option(doc = "Spans shown as examples of a point.") ExemplarsConfig exemplars,

        @Option(doc = "Events of spans as a metric of their own.")
        EventsConfig events,

        @Option(
                doc = "Names of instrumentation scopes of which name and version become dimensions:"
                        + " `span.instrumentation.scope.name` and `.version`.")
        List<String> includeInstrumentationScope,

        @Option(
                doc =
                        "Adds the dimension `sampling.method`: `extrapolated` where a span stands for several by its trace"
                                + " state (`ot=th:...`), else `counted`.")
        boolean enableMetricsSamplingMethod,

        @Option(doc = "Has no effect: metrics have the attributes of their resource in any case, as in the collector.")
        @Nullable
        Boolean addResourceAttributes,

        @Option(doc = "Has no effect, as in the collector; see `aggregation_cardinality_limit`.") @Nullable
        Integer dimensionsCacheSize,

        @Option(doc = "What bounds the memory, and Weir's own.")
        Limits weir)
        implements Checked, NamesSampler {
    @Override
    public String samplerOption() {
        return "exemplars.weir.kept_by";
    }

    @Override
    public String namedSampler() {
        return exemplars.weir().keptBy();
    }

    /** The option {@code aggregation_temporality}, in the collector's words. */
    public enum Temporality {
        CUMULATIVE,
        DELTA;

        @Override
        public String toString() {
            return "AGGREGATION_TEMPORALITY_" + name();
        }
    }

    /** An item of {@code dimensions} and its like. */
    public record Dimension(
            @Option(doc = "The attribute.") String name,

            @Option(
                    doc =
                            "A pattern of attributes, in place of `name`: `*` is any text without a dot, `**` any text, `?`"
                                    + " a character but a dot, `[a-z]`, `[!a-z]`, `{a,b}`.")
            String glob,

            @Option(name = "default", doc = "The value where the attribute is missing; none: it is left out.") @Nullable
            String fallback) {
        /** @throws PatternSyntaxException if it is none */
        Glob asGlob() {
            return Glob.of(glob, '.');
        }
    }

    /** The option {@code histogram}. */
    public record HistogramConfig(
            @Option(doc = "Leaves out `duration`.") boolean disable,

            @Option(doc = "The unit of durations.", fallback = "ms")
            Unit unit,

            @Option(doc = "Buckets with bounds that are given.") @Nullable
            Explicit explicit,

            @Option(doc = "Buckets whose widths grow, chosen by what is seen.") @Nullable
            Exponential exponential,

            @Option(doc = "As `dimensions`, for `duration` only.")
            List<Dimension> dimensions)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (explicit != null && exponential != null) {
                complaints.error("exponential", "give either explicit or exponential buckets");
            }
        }

        /** Upper bounds in units of durations, ascending. */
        double[] bounds() {
            List<Duration> buckets = explicit == null ? Explicit.USUAL : explicit.buckets;
            return buckets.stream()
                    .mapToDouble(b -> (double) b.toNanos() / unit.nanos())
                    .toArray();
        }
    }

    /** The option {@code histogram.unit}. */
    public enum Unit {
        MS(1_000_000),
        S(1_000_000_000);

        private final long nanos;

        Unit(long nanos) {
            this.nanos = nanos;
        }

        long nanos() {
            return nanos;
        }

        String symbol() {
            return this == MS ? "ms" : "s";
        }
    }

    /** The option {@code histogram.explicit}. */
    public record Explicit(
            @Option(
                    doc = "Upper bounds of the buckets, ascending.",
                    fallback =
                            "[2ms, 4ms, 6ms, 8ms, 10ms, 50ms, 100ms, 200ms, 400ms, 800ms, 1s, 1.4s, 2s, 5s, 10s, 15s]")
            List<Duration> buckets)
            implements Checked {
        private static final int MOST = 1000;
        private static final List<Duration> USUAL = java.util.stream.LongStream.of(
                        2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10_000, 15_000)
                .mapToObj(Duration::ofMillis)
                .toList();

        @Override
        public void check(Complaints complaints) {
            for (int i = 1; i < buckets.size(); i++) {
                if (buckets.get(i).compareTo(buckets.get(i - 1)) <= 0) {
                    complaints.error("buckets[" + i + "]", "must be above the bound before it");
                }
            }
            if (buckets.size() > MOST) {
                complaints.error("buckets", "are " + buckets.size() + ", at most " + MOST + " are possible");
            }
        }
    }

    /** The option {@code histogram.exponential}. */
    public record Exponential(
            @Option(doc = "How many buckets there may be.", fallback = "160")
            int maxSize) implements Checked {
        private static final int LEAST = 2;
        private static final int MOST = 16_384;
        private static final int USUAL = 160;

        @Override
        public void check(Complaints complaints) {
            if (maxSize != 0 && (maxSize < LEAST || maxSize > MOST)) {
                complaints.error("max_size", "must be from " + LEAST + " to " + MOST);
            }
        }

        int size() {
            return maxSize == 0 ? USUAL : maxSize;
        }
    }

    /** The option {@code exemplars}. */
    public record ExemplarsConfig(
            @Option(doc = "Whether points have exemplars: the first spans since the point before.")
            boolean enabled,

            @Option(doc = "How many of each point.", fallback = "5")
            int maxPerDataPoint,

            @Option(doc = "Weir's own options.") KeptBy weir)
            implements Checked {
        private static final int MOST = 100;

        @Override
        public void check(Complaints complaints) {
            if (!enabled && !weir.keptBy.isEmpty()) {
                complaints.warning("weir.kept_by", "has no effect unless exemplars are enabled");
            }
            if (enabled && (maxPerDataPoint < 0 || maxPerDataPoint > MOST)) {
                complaints.error("max_per_data_point", "must be from 0 to " + MOST);
            }
        }

        int perPoint() {
            return enabled ? maxPerDataPoint : 0;
        }

        /** Whether they wait until their trace is decided. */
        boolean waits() {
            return perPoint() > 0 && !weir.keptBy.isEmpty();
        }
    }

    /** The option {@code exemplars.weir}. */
    public record KeptBy(
            @Option(
                    doc = "A tail_sampling processor of this file: spans are shown as exemplars when it has kept their"
                            + " trace, with the next points, and never if it has not. Empty: they are shown at once,"
                            + " whatever becomes of their trace, as in the collector.")
            String keptBy,

            @Option(
                    doc =
                            "How long a span waits for that, at the most; longer than decision_wait. What nothing is known of"
                                    + " by then, as of traces that another gateway decides, is not shown.",
                    fallback = "2m")
            Duration maxWait,

            @Option(doc = "How many spans wait, at the most; beyond, none is added.", fallback = "100000")
            int maxWaitingExemplars)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            positive(complaints, "max_wait", maxWait, Duration.ofMillis(10));
            if (maxWaitingExemplars < 1 || maxWaitingExemplars > 10_000_000) {
                complaints.error("max_waiting_exemplars", "must be from 1 to 10000000");
            }
        }
    }

    /** The option {@code events}. */
    public record EventsConfig(
            @Option(doc = "Whether there is the metric `events`.")
            boolean enabled,

            @Option(
                    doc = "As `dimensions`, for `events` only: attributes of the span, or else of the event, or else of"
                            + " the resource.")
            List<Dimension> dimensions) {}

    /** The option {@code weir}. */
    public record Limits(
            @Option(
                    doc = "How many series there may be in all, of all resources and metrics; what belongs to others is"
                            + " counted in the overflow series of its resource.",
                    fallback = "100000")
            int maxSeries,

            @Option(
                    doc = "How much memory series may take, likewise; it counts for the memory_limiter, too.",
                    fallback = "64MiB")
            ByteSize maxSeriesBytes,

            @Option(
                    doc =
                            "Whether spans are counted that another gateway sent on or handed over to this one. That one has"
                                    + " counted them, if its `span_metrics` stands before `ownership`, as it should.")
            boolean countForwarded)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (maxSeries < 1) {
                complaints.error("max_series", "must be at least 1");
            }
            if (maxSeriesBytes.bytes() < 1 << 20 || maxSeriesBytes.bytes() > 1 << 30) {
                complaints.error("max_series_bytes", "must be from 1MiB to 1GiB");
            }
        }
    }

    static final String SERVICE_NAME = "service.name";
    static final String SPAN_NAME = "span.name";
    static final String SPAN_KIND = "span.kind";
    static final String STATUS_CODE = "status.code";
    static final String INSTANCE = "collector.instance.id";
    static final List<String> OWN_DIMENSIONS = List.of(SERVICE_NAME, SPAN_NAME, SPAN_KIND, STATUS_CODE, INSTANCE);

    @Override
    public void check(Complaints complaints) {
        check(complaints, "dimensions", dimensions);
        check(complaints, "calls_dimensions", callsDimensions);
        check(complaints, "histogram.dimensions", histogram.dimensions());
        if (events.enabled()) {
            check(complaints, "events.dimensions", events.dimensions());
            if (events.dimensions().isEmpty()) {
                complaints.error("events", "events need dimensions, such as exception.type");
            }
        }
        positive(complaints, "metrics_flush_interval", metricsFlushInterval, Duration.ofMillis(10));
        positive(complaints, "metrics_expiration", metricsExpiration, Duration.ZERO);
        positive(complaints, "series_expiration", seriesExpiration, Duration.ZERO);
        atLeast(complaints, "resource_metrics_cache_size", resourceMetricsCacheSize, 1);
        atLeast(complaints, "aggregation_cardinality_limit", aggregationCardinalityLimit, 0);
        if (isDelta()) {
            atLeast(complaints, "metric_timestamp_cache_size", metricTimestampCacheSize, 1);
        }
        for (int i = 0; i < excludeDimensions.size(); i++) {
            if (!OWN_DIMENSIONS.contains(excludeDimensions.get(i))) {
                complaints.warning(
                        "exclude_dimensions[" + i + "]",
                        "has no effect: it is none of " + String.join(", ", OWN_DIMENSIONS));
            }
        }
        if (Boolean.FALSE.equals(addResourceAttributes)) {
            complaints.warning("add_resource_attributes", "has no effect: they are added, as in the collector");
        }
        if (dimensionsCacheSize != null) {
            complaints.warning("dimensions_cache_size", "has no effect: use aggregation_cardinality_limit");
        }
    }

    private static void positive(Complaints complaints, String option, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            complaints.error(option, least.isZero() ? "must not be negative" : "must be at least 10ms");
        }
    }

    private static void atLeast(Complaints complaints, String option, int value, int least) {
        if (value < least) {
            complaints.error(option, "must be at least " + least);
        }
    }

    private static void check(Complaints complaints, String option, List<Dimension> dimensions) {
        Set<String> names = new HashSet<>(OWN_DIMENSIONS);
        List<Glob> globs = new ArrayList<>();
        for (int i = 0; i < dimensions.size(); i++) {
            Dimension dimension = dimensions.get(i);
            String where = option + "[" + i + "]";
            if (dimension.name.isEmpty() == dimension.glob.isEmpty()) {
                complaints.error(where, "needs either name or glob");
            } else if (dimension.glob.isEmpty()) {
                if (!names.add(dimension.name)) {
                    complaints.error(where + ".name", "'" + dimension.name + "' is a dimension already");
                }
            } else if (dimension.fallback != null) {
                complaints.error(where + ".default", "only a name can have a default");
            } else {
                try {
                    globs.add(dimension.asGlob());
                } catch (PatternSyntaxException e) {
                    complaints.error(where + ".glob", "'" + dimension.glob + "' is no pattern: " + e.getDescription());
                }
            }
        }
        for (Glob glob : globs) {
            names.stream()
                    .filter(glob::matches)
                    .sorted()
                    .findFirst()
                    .ifPresent(name -> complaints.error(
                            option, "the glob '" + glob + "' matches '" + name + "', which is a dimension already"));
        }
    }

    boolean isDelta() {
        return aggregationTemporality == Temporality.DELTA;
    }

    boolean has(String ownDimension) {
        return !excludeDimensions.contains(ownDimension);
    }
}
