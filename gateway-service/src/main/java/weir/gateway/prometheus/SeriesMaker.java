package weir.gateway.prometheus;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import weir.pipeline.Reason;

/**
 * Makes the series of an identity that was not seen before: the only place where names and labels are texts. Called by the
 * writer, with the store's lock.
 */
final class SeriesMaker {
    private static final int MAX_HELP_LENGTH = 4096;

    private final PrometheusConfig config;
    private final PrometheusLimits limits;
    private final SeriesStore store;
    private final Identity identity;
    private final boolean escapes;
    private final MetricNames names;
    private final Wildcards copied;
    private final String targetInfo;

    SeriesMaker(PrometheusConfig config, SeriesStore store, Identity identity) {
        this.config = config;
        this.limits = config.weir();
        this.store = store;
        this.identity = identity;
        TranslationStrategy strategy = config.strategy();
        escapes = strategy.escapes();
        names = new MetricNames(strategy, config.namespace());
        copied = config.copiedResourceAttributes();
        String prefix = escapes ? LabelNames.cleaned(config.namespace()) : config.namespace();
        targetInfo = prefix.isEmpty() ? "target_info" : prefix + "_target_info";
    }

    Made make(Source source, Point.Kind kind, Point point, long high, long low) {
        String metric = source.metricName();
        if (metric.length() > limits.maxNameLength()) {
            return new Made.None(
                    Reason.TOO_LARGE, "its name is longer than max_name_length (" + limits.maxNameLength() + ")");
        }
        String name = names.of(metric, source.unit(), nameKind(kind, source.monotonic));
        if (name.isEmpty()) {
            return new Made.None(Reason.INVALID_NAME, "no name can be made of \"" + metric + "\"");
        }
        Family.Type type = type(source, kind);
        Family family = store.family(name, type, help(source.description()));
        if (family == null) {
            return new Made.None(
                    Reason.NAME_CONFLICT,
                    "a " + type.text + " cannot be shown as " + name + ", which another metric's samples are called");
        }
        LabelSet set = new LabelSet(escapes);
        give(set, source);
        Map<String, String> attributes = source.attributes(point.attributes);
        copyResource(source, attributes);
        attributes.forEach(set::attribute);
        if (!set.unusable().isEmpty()) {
            return new Made.None(
                    Reason.INVALID_NAME, "no label name can be made of attribute \"" + set.unusable() + "\"");
        }
        Map<String, String> labels = set.labels();
        String tooLarge = tooLarge(labels);
        if (!tooLarge.isEmpty()) {
            return new Made.None(Reason.TOO_LARGE, tooLarge);
        }
        byte[] rendered = LabelSet.render(labels);
        int exposed = exposedHash(family, rendered);
        boolean delta = source.temporality == Source.DELTA;
        return new Made.New(
                switch (kind) {
                    case GAUGE, SUM -> new NumberSeries(family, rendered, exposed, high, low, delta);
                    case HISTOGRAM, EXPONENTIAL_HISTOGRAM ->
                        new HistogramSeries(family, rendered, exposed, high, low, delta);
                    case SUMMARY -> new SummarySeries(family, rendered, exposed, high, low);
                });
    }

    /** The {@code target_info} of a resource; none if it does not tell both job and instance. */
    Made target(Source source, long high, long low) {
        String job = source.job();
        String instance = source.instance();
        Family family = store.family(targetInfo, Family.Type.GAUGE, "Target metadata");
        if (job.isEmpty() || instance.isEmpty() || family == null) {
            return new Made.None(Reason.UNSUPPORTED, "");
        }
        LabelSet set = new LabelSet(escapes).give("job", job).give("instance", instance);
        byte[] target = LabelSet.render(set.labels());
        source.resourceAttributes().forEach((key, value) -> {
            // A resource's own job or instance is overwritten, and what no label can be made of is left out.
            if (!Source.isService(key) && !key.equals("job") && !key.equals("instance")) {
                set.attribute(key, value);
            }
        });
        Map<String, String> labels = set.labels();
        if (!tooLarge(labels).isEmpty()) {
            return new Made.None(Reason.TOO_LARGE, "");
        }
        return new Made.New(
                new TargetSeries(family, LabelSet.render(labels), target, exposedHash(family, target), high, low));
    }

    private void give(LabelSet set, Source source) {
        if (!config.withoutScopeInfo()) {
            Map<String, String> joined = new TreeMap<>();
            new TreeMap<>(source.scopeAttributes()).forEach((key, value) -> {
                String name = LabelNames.of("otel_scope_" + key, escapes);
                joined.merge(name, value, (a, b) -> a + ";" + b);
            });
            joined.forEach(set::give);
            set.give("otel_scope_name", source.scopeName());
            set.give("otel_scope_version", source.scopeVersion());
            set.give("otel_scope_schema_url", source.scopeSchemaUrl());
        }
        if (!source.job().isEmpty()) {
            set.give("job", source.job());
        }
        if (!source.instance().isEmpty()) {
            set.give("instance", source.instance());
        }
        config.constLabels().forEach(set::give);
    }

    /** The resource's value holds where a point has an attribute of the same key. */
    private void copyResource(Source source, Map<String, String> attributes) {
        if (!copied.none()) {
            source.resourceAttributes().forEach((key, value) -> {
                if (copied.picks(key)) {
                    attributes.put(key, value);
                }
            });
        }
    }

    private String tooLarge(Map<String, String> labels) {
        if (labels.size() > limits.maxLabels()) {
            return "it has " + labels.size() + " labels, more than max_labels (" + limits.maxLabels() + ")";
        }
        for (var label : labels.entrySet()) {
            if (label.getKey().length() > limits.maxNameLength()) {
                return "a label's name is longer than max_name_length (" + limits.maxNameLength() + ")";
            }
            if (label.getValue().getBytes(StandardCharsets.UTF_8).length > limits.maxLabelValueBytes()) {
                return "the value of label \"" + label.getKey() + "\" is longer than max_label_value_bytes ("
                        + limits.maxLabelValueBytes() + ")";
            }
        }
        return "";
    }

    private int exposedHash(Family family, byte[] exposed) {
        byte[] name = family.name.getBytes(StandardCharsets.UTF_8);
        return (int) identity.begin()
                .add(exposed, 0, exposed.length)
                .add(name, 0, name.length)
                .low();
    }

    private static MetricNames.Kind nameKind(Point.Kind kind, boolean monotonic) {
        return switch (kind) {
            case GAUGE -> MetricNames.Kind.GAUGE;
            case SUM -> monotonic ? MetricNames.Kind.MONOTONIC_SUM : MetricNames.Kind.OTHER;
            case HISTOGRAM, EXPONENTIAL_HISTOGRAM, SUMMARY -> MetricNames.Kind.OTHER;
        };
    }

    private static Family.Type type(Source source, Point.Kind kind) {
        return switch (kind) {
            case GAUGE ->
                "unknown".equals(source.metadata().get("prometheus.type")) ? Family.Type.UNTYPED : Family.Type.GAUGE;
            case SUM -> source.monotonic ? Family.Type.COUNTER : Family.Type.GAUGE;
            case HISTOGRAM, EXPONENTIAL_HISTOGRAM -> Family.Type.HISTOGRAM;
            case SUMMARY -> Family.Type.SUMMARY;
        };
    }

    private static String help(String description) {
        return description.length() <= MAX_HELP_LENGTH ? description : description.substring(0, MAX_HELP_LENGTH);
    }
}
