package weir.allocator.config;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
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

            @Option(doc = "How often rules are evaluated; understood and not used, there are none here.") @Nullable
            String evaluationInterval,

            @Option(doc = "The formats to ask for, best first.") @Nullable
            List<String> scrapeProtocols,

            @Option(doc = "The most bytes of an answer, such as 10MB.") @Nullable
            String bodySizeLimit,

            @Option(doc = "The most samples of a scrape.") @Nullable
            Long sampleLimit,

            @Option(doc = "The most targets of a job.") @Nullable
            Long targetLimit,

            @Option(doc = "The most labels of a sample.") @Nullable
            Long labelLimit,

            @Option(doc = "The longest name of a label, in bytes.") @Nullable
            Long labelNameLengthLimit,

            @Option(doc = "The longest value of a label, in bytes.") @Nullable
            Long labelValueLengthLimit,

            @Option(doc = "How many dropped targets are remembered for people.") @Nullable
            Long keepDroppedTargets,

            @Option(doc = "utf8 or legacy.") @Nullable String metricNameValidationScheme,

            @Option(doc = "How names are escaped for scrapers that do not know UTF-8 names.") @Nullable
            String metricNameEscapingScheme,

            @Option(doc = "Whether native histograms are scraped.") @Nullable
            Boolean scrapeNativeHistograms,

            @Option(doc = "Whether classic histograms are scraped beside native ones.") @Nullable
            Boolean alwaysScrapeClassicHistograms,

            @Option(doc = "Whether classic histograms become native ones with custom buckets.") @Nullable
            Boolean convertClassicHistogramsToNhcb) {}
}
