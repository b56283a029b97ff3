package weir.allocator.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.config.Binder;
import weir.config.Position;
import weir.config.Problem;
import weir.config.Problems;
import weir.config.Yaml;
import weir.config.YamlReader;

/**
 * A file that was read.
 *
 * @param config null if there are errors
 * @param problems errors and warnings, in the file's order
 */
public record AllocatorFile(@Nullable AllocatorConfig config, List<Problem> problems) {
    /** What the Target Allocator has and Weir does not have yet, with what to do instead. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("prometheus_cr", "Weir's allocator does not read ServiceMonitors yet; list static_configs"),
            Map.entry(
                    "collector_selector",
                    "Weir's allocator does not find collectors by pod labels yet; name them in weir.collectors"),
            Map.entry(
                    "collector_namespace",
                    "Weir's allocator does not find collectors by pod labels yet; name them in weir.collectors"),
            Map.entry(
                    "collector_not_ready_grace_period",
                    "collectors are named in weir.collectors and always count as ready"),
            Map.entry("allocation_fallback_strategy", "is for per-node, which Weir's allocator does not have yet"),
            Map.entry("kube_config_file_path", "Weir's allocator does not talk to Kubernetes yet"),
            Map.entry("allow_insecure_auth_secrets", "Weir's allocator always masks secrets over plain HTTP"),
            Map.entry("https", "Weir's allocator serves plain HTTP on loopback only so far"),
            Map.entry("telemetry", "Weir's own metrics are at weir.telemetry_endpoint, /metrics"),
            Map.entry("config.scrape_config_files", "put the jobs into scrape_configs"),
            Map.entry(
                    "config.global.external_labels", "belong to the collector's exporter; scraping does not use them"));

    /** Reads a file. Never fails: what is wrong is in {@link #problems}. */
    public static AllocatorFile read(String name, String text) {
        Problems problems = new Problems(name, text);
        Yaml yaml = YamlReader.read(problems, text);
        AllocatorConfig config =
                new Binder(problems, AllocatorFile::elsewhere).bind(AllocatorConfig.class, yaml, Position.FILE, "");
        return new AllocatorFile(problems.failed() ? null : config, problems.sorted());
    }

    private static @Nullable String elsewhere(String path) {
        if (path.startsWith("config.scrape_configs.") && path.endsWith("_sd_configs")) {
            return "Weir's allocator discovers static_configs only so far";
        }
        return ELSEWHERE.get(path);
    }
}
