package weir.allocator.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import weir.allocator.targets.ScrapeJob;
import weir.allocator.targets.Target;
import weir.config.Inlined;
import weir.config.OptionSpec;
import weir.relabel.RelabelConfig;
import weir.relabel.Relabelling;

/** Makes jobs and their targets of a configuration. */
public final class ScrapeJobs {
    private static final String INTERVAL = "scrape_interval";
    private static final String TIMEOUT = "scrape_timeout";

    /** Parts of {@code global} that are not simply filled into the jobs that do not give them. */
    private static final Set<String> APART = Set.of(INTERVAL, TIMEOUT, "evaluation_interval");

    /** Set while rules are applied: prometheus-operator's jobs skip sharding, which is the allocator's work, on it. */
    private static final String SHARDING = "__tmp_disable_sharding";

    private ScrapeJobs() {}

    /**
     * The jobs by name.
     *
     * @param filter whether targets that a job's relabelling drops are left out
     */
    public static SortedMap<String, ScrapeJob> of(PrometheusConfig config, boolean filter) {
        SortedMap<String, ScrapeJob> jobs = new TreeMap<>();
        for (ScrapeConfig job : config.scrapeConfigs()) {
            jobs.put(job.jobName(), job(job, settings(job, config.global()), filter));
        }
        return Collections.unmodifiableSortedMap(jobs);
    }

    private static Map<String, Object> settings(ScrapeConfig job, PrometheusConfig.Global global) {
        Map<String, Object> settings = given(job);
        String interval = Objects.requireNonNullElse(job.scrapeInterval(), global.scrapeInterval());
        settings.put(INTERVAL, interval);
        settings.put(
                TIMEOUT, Objects.requireNonNullElse(job.scrapeTimeout(), shorter(global.scrapeTimeout(), interval)));
        given(global).forEach((name, value) -> {
            if (!APART.contains(name)) {
                settings.putIfAbsent(name, value);
            }
        });
        return Collections.unmodifiableMap(settings);
    }

    private static String shorter(String timeout, String interval) {
        return PromDuration.millis(timeout) > PromDuration.millis(interval) ? interval : timeout;
    }

    /** With its defaults; Prometheus rejects a regex for the actions that compare for equality (prometheus#12534). */
    private static Map<String, Object> rule(RelabelConfig config) {
        Map<String, Object> rule = new LinkedHashMap<>();
        if (!config.sourceLabels().isEmpty()) {
            rule.put("source_labels", config.sourceLabels());
        }
        rule.put("separator", config.separator());
        if (config.action() != RelabelConfig.Action.KEEPEQUAL && config.action() != RelabelConfig.Action.DROPEQUAL) {
            rule.put("regex", config.regex());
        }
        if (config.modulus() != 0) {
            rule.put("modulus", config.modulus());
        }
        if (!config.targetLabel().isEmpty()) {
            rule.put("target_label", config.targetLabel());
        }
        rule.put("replacement", config.replacement());
        rule.put("action", config.action().word());
        return rule;
    }

    private static ScrapeJob job(ScrapeConfig job, Map<String, Object> settings, boolean filter) {
        Relabelling rules = new Relabelling(job.relabelConfigs());
        Map<String, String> seeds = seeds(job, settings);
        List<Target> targets = new ArrayList<>();
        int discovered = 0;
        for (ScrapeConfig.StaticConfig group : job.staticConfigs()) {
            for (String address : group.targets()) {
                discovered++;
                Map<String, String> labels = new HashMap<>(group.labels());
                labels.put(Target.ADDRESS, address);
                if (filter) {
                    kept(job.jobName(), labels, seeds, rules).ifPresent(targets::add);
                } else {
                    targets.add(Target.of(job.jobName(), labels));
                }
            }
        }
        return new ScrapeJob(job.jobName(), settings, List.copyOf(targets), discovered);
    }

    private static Optional<Target> kept(
            String job, Map<String, String> labels, Map<String, String> seeds, Relabelling rules) {
        Map<String, String> relabelled = new HashMap<>(labels);
        seeds.forEach((name, value) -> relabelled.merge(name, value, (own, seed) -> own.isEmpty() ? seed : own));
        relabelled.put(SHARDING, "true");
        if (!rules.apply(relabelled)) {
            return Optional.empty();
        }
        relabelled.remove(SHARDING);
        return Optional.of(Target.of(job, labels, relabelled));
    }

    /** What Prometheus knows of every target of a job before it relabels. */
    private static Map<String, String> seeds(ScrapeConfig job, Map<String, Object> settings) {
        Map<String, String> seeds = new HashMap<>();
        seeds.put("job", job.jobName());
        seeds.put("__scrape_interval__", String.valueOf(settings.get(INTERVAL)));
        seeds.put("__scrape_timeout__", String.valueOf(settings.get(TIMEOUT)));
        seeds.put("__metrics_path__", Objects.requireNonNullElse(job.metricsPath(), "/metrics"));
        seeds.put("__scheme__", Objects.requireNonNullElse(job.scheme(), "http"));
        Map<String, List<String>> params = Objects.requireNonNullElse(job.params(), Map.of());
        params.forEach((name, values) -> {
            if (!values.isEmpty()) {
                seeds.put("__param_" + name, values.getFirst());
            }
        });
        return seeds;
    }

    /** What the file says of a record's options, under their names there. */
    private static Map<String, Object> given(Record configuration) {
        Map<String, Object> given = new LinkedHashMap<>();
        for (RecordComponent component : configuration.getClass().getRecordComponents()) {
            Object value = valueOf(component, configuration);
            if (component.isAnnotationPresent(Inlined.class) && value instanceof Record inlined) {
                given.putAll(given(inlined));
            } else if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
                given.put(OptionSpec.of(component).name(), plain(value));
            }
        }
        return given;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case RelabelConfig rule -> rule(rule);
            case Record inner -> given(inner);
            case List<?> list -> list.stream().map(ScrapeJobs::plain).toList();
            default -> value;
        };
    }

    private static @Nullable Object valueOf(RecordComponent component, Record of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a public record that cannot be read: " + component, e);
        }
    }
}
