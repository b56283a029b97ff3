package weir.allocator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import weir.allocator.targets.ScrapeJob;
import weir.allocator.targets.Target;
import weir.config.Problem;

class AllocatorFileTest {
    @Test
    void read_targetAllocatorsFile_makesItsJobs() {
        AllocatorConfig config = valid("""
                allocation_strategy: consistent-hashing
                config:
                  global:
                    scrape_interval: 5s
                    sample_limit: 1000
                  scrape_configs:
                    - job_name: shop/web
                      metrics_path: /m
                      params: {a: [b]}
                      static_configs:
                        - targets: [10.0.0.1:80, "[::1]:80"]
                          labels: {team: shop}
                      metric_relabel_configs:
                        - {source_labels: [a, b], action: keepequal, regex: x, target_label: c}
                    - job_name: slow
                      scrape_interval: 1m30s
                      scrape_timeout: 20s
                      sample_limit: 5
                weir:
                  collectors: [agent-0, agent-1]
                """);

        Map<String, ScrapeJob> jobs = ScrapeJobs.of(config.config(), config.filters());
        assertThat(jobs).containsOnlyKeys("shop/web", "slow");
        assertThat(job(jobs, "shop/web").targets())
                .extracting(Target::labels)
                .containsExactly(
                        Map.of("__address__", "10.0.0.1:80", "team", "shop"),
                        Map.of("__address__", "[::1]:80", "team", "shop"));
        assertThat(job(jobs, "shop/web").settings())
                .containsEntry("job_name", "shop/web")
                .containsEntry("scrape_interval", "5s")
                .containsEntry("scrape_timeout", "5s")
                .containsEntry("sample_limit", 1000L)
                .containsEntry("params", Map.of("a", List.of("b")))
                .containsEntry(
                        "metric_relabel_configs",
                        List.of(Map.of(
                                "source_labels",
                                List.of("a", "b"),
                                "separator",
                                ";",
                                "target_label",
                                "c",
                                "replacement",
                                "$1",
                                "action",
                                "keepequal")));
        assertThat(job(jobs, "slow").settings())
                .containsOnlyKeys("job_name", "scrape_interval", "scrape_timeout", "sample_limit")
                .containsEntry("scrape_interval", "1m30s")
                .containsEntry("sample_limit", 5L);
        assertThat(config.weir().collectors()).containsExactly("agent-0", "agent-1");
    }

    @Test
    void of_relabelling_dropsAndMergesTargetsButHandsOutWhatWasDiscovered() {
        String text = """
                filter_strategy: %s
                config:
                  scrape_configs:
                    - job_name: shop
                      static_configs:
                        - {targets: [a:1, b:1], labels: {__meta_zone: x, __shard: "1"}}
                        - {targets: [c:1]}
                      relabel_configs:
                        - {source_labels: [__address__], regex: "c:.*", action: drop}
                        - {source_labels: [__tmp_disable_sharding], regex: "", action: drop}
                        - {source_labels: [job, __metrics_path__], regex: "shop;/metrics", action: keep}
                        - {target_label: __address__, replacement: all}
                weir: {collectors: [agent-0]}
                """;

        ScrapeJob filtered = only(text.formatted("relabel-config"));
        assertThat(filtered.discovered()).isEqualTo(3);
        assertThat(filtered.targets()).extracting(Target::address).containsExactly("a:1", "b:1");
        assertThat(filtered.targets().get(0).low())
                .isEqualTo(filtered.targets().get(1).low());
        assertThat(only(text.formatted("none")).targets()).hasSize(3);
    }

    private static ScrapeJob only(String text) {
        AllocatorConfig config = valid(text);
        return ScrapeJobs.of(config.config(), config.filters())
                .values()
                .iterator()
                .next();
    }

    @Test
    void read_whatWeirDoesNotHave_saysWhatToDo() {
        List<Problem> problems = AllocatorFile.read("allocator.yaml", """
                collector_selector: {matchLabels: {a: b}}
                prometheus_cr: {enabled: true}
                config:
                  scrape_configs:
                    - job_name: a
                      kubernetes_sd_configs: [{role: pod}]
                      scrapeInterval: 5s
                """).problems();

        String all = Problem.render(problems, false);
        assertThat(all)
                .contains(
                        "weir.collectors",
                        "ServiceMonitors",
                        "static_configs only",
                        "scrapeInterval",
                        "scrape_interval");
    }

    @Test
    void read_mistakesInJobs_areAllNamed() {
        AllocatorFile file = AllocatorFile.read("allocator.yaml", """
                config:
                  scrape_configs:
                    - job_name: a
                      scrape_interval: 5 seconds
                    - job_name: a
                      scheme: ftp
                      static_configs: [{targets: ["http://host/metrics"]}]
                    - job_name: b
                      scrape_interval: 5s
                      scrape_timeout: 10s
                weir: {collectors: [x, x]}
                """);

        assertThat(file.config()).isNull();
        assertThat(Problem.render(file.problems(), false))
                .contains(
                        "must be a duration",
                        "is the name of a job above too",
                        "must be http or https",
                        "must be host:port",
                        "must not be longer than the interval, 5s",
                        "no other collector has");
    }

    @Test
    void millis_prometheusDurations_areRead() {
        assertThat(PromDuration.millis("1m30s")).isEqualTo(90_000);
        assertThat(PromDuration.millis("1d")).isEqualTo(86_400_000);
        assertThat(PromDuration.millis("250ms")).isEqualTo(250);
        assertThat(PromDuration.millis("30")).isEqualTo(-1);
        assertThat(PromDuration.millis("")).isEqualTo(-1);
        assertThat(PromDuration.millis("9".repeat(30) + "y")).isEqualTo(-1);
    }

    private static ScrapeJob job(Map<String, ScrapeJob> jobs, String name) {
        return Objects.requireNonNull(jobs.get(name));
    }

    private static AllocatorConfig valid(String text) {
        AllocatorFile file = AllocatorFile.read("allocator.yaml", text);
        assertThat(file.problems()).isEmpty();
        return Objects.requireNonNull(file.config());
    }
}
