package weir.allocator.config;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Inlined;
import weir.config.Option;

/** The parts of a Prometheus configuration that the Target Allocator reads. */
public record PrometheusConfig(
        @Option(doc = "What holds for every job that does not say otherwise.")
        Global global,

        @Option(doc = "The jobs.", required = true) List<ScrapeConfig> scrapeConfigs)
        implements Checked {
    @Override
    public void check(Complaints complaints) {
        ScrapeConfig.duration("global.scrape_interval", global.scrapeInterval(), complaints);
        ScrapeConfig.duration("global.scrape_timeout", global.scrapeTimeout(), complaints);
        if (global.evaluationInterval() != null) {
            complaints.warning("global.evaluation_interval", "has no effect: the allocator evaluates no rules");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < scrapeConfigs.size(); i++) {
            ScrapeConfig job = scrapeConfigs.get(i);
            if (!names.add(job.jobName())) {
                complaints.error(
                        "scrape_configs[" + i + "].job_name", "is the name of a job above too; each needs its own");
            }
            String interval = Objects.requireNonNullElse(job.scrapeInterval(), global.scrapeInterval());
            if (job.scrapeTimeout() != null
                    && PromDuration.millis(job.scrapeTimeout()) > PromDuration.millis(interval)) {
                complaints.error(
                        "scrape_configs[" + i + "].scrape_timeout",
                        "must not be longer than the interval, " + interval);
            }
        }
    }

    /** Prometheus's {@code global}: each is filled into the jobs that do not give it. */
    public record Global(
            @Option(doc = "How often targets are scraped.", fallback = "1m")
            String scrapeInterval,

            @Option(doc = "How long one scrape may take.", fallback = "10s")
            String scrapeTimeout,

            @Option(doc = "Accepted for Prometheus's files, and of no effect: there are no rules here.") @Nullable
            String evaluationInterval,

            @Inlined ScrapeLimits limits) {}
}
