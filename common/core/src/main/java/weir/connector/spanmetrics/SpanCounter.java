package weir.connector.spanmetrics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.connector.spanmetrics.SpanMetricsConfig.Exponential;
import weir.connector.spanmetrics.SpanMetricsConfig.HistogramConfig;
import weir.otlp.Attributes;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.ResourceView;
import weir.otlp.SpanView;
import weir.otlp.TraceIndex;
import weir.otlp.ValueRange;
import weir.otlp.Wire;

/**
 * Counts the spans of requests into series. A span of a series that is there allocates nothing, except where a dimension is a
 * list, a map, bytes or a fraction. Belongs to one thread at a time.
 */
final class SpanCounter {
    private static final String SCOPE_NAME = "span.instrumentation.scope.name";
    private static final String SCOPE_VERSION = "span.instrumentation.scope.version";
    private static final String SAMPLING_METHOD = "sampling.method";
    private static final String OVERFLOW = "otel.metric.overflow";

    /** In place of what tells the series of a resource apart: none of them can be this. */
    private static final int OVERFLOW_KEY = 0xff;

    private static final String[] KINDS = {
        "SPAN_KIND_UNSPECIFIED",
        "SPAN_KIND_INTERNAL",
        "SPAN_KIND_SERVER",
        "SPAN_KIND_CLIENT",
        "SPAN_KIND_PRODUCER",
        "SPAN_KIND_CONSUMER",
        ""
    };
    private static final String[] STATUS_CODES = {"STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR", ""};
    private static final byte[] NONE = {};

    private final SpanMetricsConfig config;
    private final String instance;
    private final boolean hasName;
    private final boolean hasKind;
    private final boolean hasStatus;
    private final boolean hasServiceInKey;
    private final List<byte[]> scopes;
    private final DimensionSet common;
    private final List<Family> families;
    private final DimensionValues values;
    private final Resources resources;
    private final AdjustedCount adjusted;
    private final double nanosOfUnit;

    private final SpanView span = new SpanView();
    private final ResourceView header = new ResourceView();
    private final FieldCursor fields = new FieldCursor();
    private final ValueRange scopeName = new ValueRange();
    private final ValueRange scopeVersion = new ValueRange();
    private final KeyBuffer key = new KeyBuffer();
    private final KeyBuffer overflowKey = new KeyBuffer();

    private Resources.@Nullable Known resource;
    private boolean hasScope;
    private long times;
    private boolean extrapolated;
    private double duration;
    private long nowUnixNanos;
    private long nowNanos;
    private long traceIdHigh;
    private long traceIdLow;
    private long skippedSpans;
    private long overflowed;

    /**
     * @param instance what is shown as {@code collector.instance.id}
     * @param seed of hashes and of what is rounded by chance
     */
    SpanCounter(SpanMetricsConfig config, String instance, long seed) {
        this.config = config;
        this.instance = instance;
        this.hasName = config.has(SpanMetricsConfig.SPAN_NAME);
        this.hasKind = config.has(SpanMetricsConfig.SPAN_KIND);
        this.hasStatus = config.has(SpanMetricsConfig.STATUS_CODE);
        this.hasServiceInKey =
                !config.resourceMetricsKeyAttributes().isEmpty() && config.has(SpanMetricsConfig.SERVICE_NAME);
        this.scopes = config.includeInstrumentationScope().stream()
                .filter(s -> !s.isEmpty())
                .map(s -> s.getBytes(StandardCharsets.UTF_8))
                .toList();
        DimensionSet.Vocabulary vocabulary = new DimensionSet.Vocabulary();
        this.common = vocabulary.add(config.dimensions());
        this.families = families(config, vocabulary, seed);
        this.values = new DimensionValues(vocabulary, seed);
        this.resources = new Resources(config, families.size(), seed);
        this.adjusted = new AdjustedCount(seed);
        this.nanosOfUnit = config.histogram().unit().nanos();
    }

    private static List<Family> families(SpanMetricsConfig config, DimensionSet.Vocabulary vocabulary, long seed) {
        List<Family> made = new ArrayList<>();
        HistogramConfig histogram = config.histogram();
        Exponential exponential = histogram.exponential();
        double[] bounds = exponential == null ? histogram.bounds() : null;
        int maxBuckets = exponential == null ? 0 : exponential.size();
        int exemplars = config.exemplars().perPoint();
        boolean durations = !histogram.disable();
        boolean together = durations && config.callsDimensions().equals(histogram.dimensions());
        DimensionSet ofCalls = vocabulary.add(config.callsDimensions());
        SeriesTable calls = together
                ? new SeriesTable(0, bounds, maxBuckets, exemplars, seed)
                : new SeriesTable(0, null, 0, exemplars, seed);
        made.add(new Family(0, true, together, false, ofCalls, calls));
        if (durations && !together) {
            SeriesTable series = new SeriesTable(1, bounds, maxBuckets, exemplars, seed);
            made.add(new Family(1, false, true, false, vocabulary.add(histogram.dimensions()), series));
        }
        if (config.events().enabled()) {
            int number = made.size();
            SeriesTable series = new SeriesTable(number, null, 0, exemplars, seed);
            made.add(new Family(
                    number, false, false, true, vocabulary.add(config.events().dimensions()), series));
        }
        return List.copyOf(made);
    }

    /**
     * Counts the spans of a request.
     *
     * @param nowNanos as the timer tells, for expiry
     */
    void count(TraceIndex index, long nowUnixNanos, long nowNanos) {
        this.nowUnixNanos = nowUnixNanos;
        this.nowNanos = nowNanos;
        byte[] b = index.bytes();
        for (int r = 0; r < index.resources(); r++) {
            header.reset(b, index.resourceFrom(r), index.resourceEnd(r));
            resource = resources.of(b, header.headFrom(), header.headEnd(), nowNanos);
            int endOfScopes = index.firstScope(r + 1);
            if (resource == null) {
                skippedSpans += index.firstSpan(endOfScopes) - index.firstSpan(index.firstScope(r));
                continue;
            }
            values.resource(b, header.headFrom(), header.headEnd());
            for (int scope = index.firstScope(r); scope < endOfScopes; scope++) {
                scope(index, scope);
                for (int i = index.firstSpan(scope); i < index.firstSpan(scope + 1); i++) {
                    span(index, i, resource);
                }
            }
        }
        letGo();
    }

    /** Nothing of the request is held by what looked at it. */
    private void letGo() {
        resource = null;
        span.reset(NONE, 0, 0);
        header.reset(NONE, 0, 0);
        fields.reset(NONE, 0, 0);
        scopeName.set(NONE, 0, 0);
        scopeVersion.set(NONE, 0, 0);
        values.clear();
    }

    private void scope(TraceIndex index, int scope) {
        hasScope = false;
        if (!scopes.isEmpty()) {
            header.reset(index.bytes(), index.scopeFrom(scope), index.scopeEnd(scope));
            header.scopeName(scopeName);
            header.scopeVersion(scopeVersion);
            for (int i = 0; i < scopes.size() && !hasScope; i++) {
                hasScope = scopeName.equalTo(scopes.get(i));
            }
        }
    }

    private void span(TraceIndex index, int i, Resources.Known of) {
        span.reset(index, i);
        long start = span.startNanos();
        long end = span.endNanos();
        duration = Long.compareUnsigned(end, start) > 0 ? unsigned(end - start) / nanosOfUnit : 0;
        traceIdHigh = index.traceIdHigh(i);
        traceIdLow = index.traceIdLow(i);
        times = 1;
        extrapolated = false;
        if (!span.traceState().isEmpty()) {
            long threshold = adjusted.threshold(span.traceState());
            times = adjusted.of(threshold);
            extrapolated = threshold != AdjustedCount.UNKNOWN;
        }
        values.span(index.spanFrom(i), index.spanEnd(i));
        key.truncate(0);
        own(of);
        int beforeCommon = key.size();
        values.appendTo(key, common);
        int beforeOptional = key.size();
        for (int f = 0; f < families.size(); f++) {
            Family family = families.get(f);
            if (family.events()) {
                events(family, of, beforeCommon);
            } else {
                key.truncate(beforeOptional);
                values.appendTo(key, family.dimensions());
                count(family, of);
            }
        }
    }

    private static double unsigned(long n) {
        return n >= 0 ? n : ((n >>> 1) | (n & 1)) * 2.0;
    }

    /** What the span is told apart by before all dimensions that the file names. */
    private void own(Resources.Known of) {
        key.number(of.series().number);
        if (hasServiceInKey) {
            key.text(of.serviceName(), 0, of.serviceName().length);
        }
        if (hasName) {
            ValueRange name = span.name();
            key.text(name.bytes(), name.from(), name.end());
        }
        if (hasKind) {
            key.octet(kind());
        }
        if (hasStatus) {
            key.octet(status());
        }
        if (!scopes.isEmpty()) {
            if (hasScope) {
                key.text(scopeName.bytes(), scopeName.from(), scopeName.end());
                key.text(scopeVersion.bytes(), scopeVersion.from(), scopeVersion.end());
            } else {
                key.absent();
            }
        }
        if (config.enableMetricsSamplingMethod()) {
            key.octet(extrapolated ? 1 : 0);
        }
    }

    private int kind() {
        int kind = span.kind();
        return kind < 0 || kind >= KINDS.length ? KINDS.length - 1 : kind;
    }

    private int status() {
        int status = span.statusCode();
        return status < 0 || status >= STATUS_CODES.length ? STATUS_CODES.length - 1 : status;
    }

    private void events(Family family, Resources.Known of, int beforeCommon) {
        if (span.events() == 0) {
            return;
        }
        for (fields.reset(span.bytes(), span.from(), span.end()); fields.next(); ) {
            if (fields.isBytes(Fields.SPAN_EVENTS)) {
                values.event(fields.from(), fields.end());
                key.truncate(beforeCommon);
                values.appendTo(key, common);
                values.appendTo(key, family.dimensions());
                count(family, of);
            }
        }
    }

    private void count(Family family, Resources.Known of) {
        SeriesTable table = family.series();
        long hash = table.hash(key);
        int series = table.find(hash, key);
        if (series < 0) {
            series = isFull(family, of.series())
                    ? overflow(family, of.series())
                    : table.add(hash, key, of.series(), attributes(family, of), false, nowUnixNanos);
        }
        table.count(series, times, duration, nowNanos);
        if ((traceIdHigh | traceIdLow) != 0 && config.exemplars().enabled()) {
            ValueRange id = span.spanId();
            long spanId = id.isEmpty() ? 0 : Wire.bigEndian64(id.bytes(), id.from());
            table.exemplify(series, traceIdHigh, traceIdLow, spanId, duration);
        }
    }

    private boolean isFull(Family family, ResourceSeries of) {
        int limit = config.aggregationCardinalityLimit();
        return of.overflow
                || (limit > 0 && of.series[family.number()] >= limit)
                || series() >= config.weir().maxSeries()
                || heldBytes() >= config.weir().maxSeriesBytes().bytes();
    }

    private int overflow(Family family, ResourceSeries of) {
        overflowed++;
        int series = of.overflowSeries[family.number()];
        if (series != ResourceSeries.NONE) {
            return series;
        }
        overflowKey.truncate(0);
        overflowKey.number(of.number);
        overflowKey.octet(OVERFLOW_KEY);
        Output attributes = new Output(32);
        append(attributes, OVERFLOW, Attributes.value(true));
        SeriesTable table = family.series();
        return table.add(table.hash(overflowKey), overflowKey, of, attributes.toByteArray(), true, nowUnixNanos);
    }

    /** Of a new series. */
    private byte[] attributes(Family family, Resources.Known of) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        if (config.has(SpanMetricsConfig.SERVICE_NAME)) {
            all.put(SpanMetricsConfig.SERVICE_NAME, of.serviceName());
        }
        if (hasName) {
            all.put(SpanMetricsConfig.SPAN_NAME, Attributes.value(span.name().text()));
        }
        if (hasKind) {
            all.put(SpanMetricsConfig.SPAN_KIND, Attributes.value(KINDS[kind()]));
        }
        if (hasStatus) {
            all.put(SpanMetricsConfig.STATUS_CODE, Attributes.value(STATUS_CODES[status()]));
        }
        if (config.has(SpanMetricsConfig.INSTANCE)) {
            all.put(SpanMetricsConfig.INSTANCE, Attributes.value(instance));
        }
        if (hasScope) {
            all.put(SCOPE_NAME, Attributes.value(scopeName.text()));
            if (!scopeVersion.isEmpty()) {
                all.put(SCOPE_VERSION, Attributes.value(scopeVersion.text()));
            }
        }
        if (config.enableMetricsSamplingMethod()) {
            all.put(SAMPLING_METHOD, Attributes.value(extrapolated ? "extrapolated" : "counted"));
        }
        values.addTo(all, common);
        values.addTo(all, family.dimensions());
        Output out = new Output(256);
        all.forEach((name, value) -> append(out, name, value));
        return out.toByteArray();
    }

    private static void append(Output out, String name, byte[] value) {
        out.put(Attributes.attribute(1, name, value));
    }

    List<Family> families() {
        return families;
    }

    Resources resources() {
        return resources;
    }

    /** How many series there are, but for those that stand for others. */
    int series() {
        int series = 0;
        for (int f = 0; f < families.size(); f++) {
            SeriesTable table = families.get(f).series();
            series += table.size() - table.overflowing();
        }
        return series;
    }

    long heldBytes() {
        long bytes = resources.heldBytes();
        for (int f = 0; f < families.size(); f++) {
            bytes += families.get(f).series().heldBytes();
        }
        return bytes;
    }

    /** Spans of resources without a service's name. */
    long skippedSpans() {
        return skippedSpans;
    }

    /** Spans and events that were counted in a series that stands for others. */
    long overflowed() {
        return overflowed;
    }
}
