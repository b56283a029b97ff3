package weir.allocator.config;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Option;

/**
 * What may stand both in a job and, for all jobs that do not say it, in {@code global}. Weir's allocator looks at none of it:
 * it is handed to the collector as it is.
 */
public record ScrapeLimits(
        @Option(doc = "The formats to ask for, best first.") @Nullable
        List<String> scrapeProtocols,

        @Option(doc = "Whether native histograms are scraped.") @Nullable
        Boolean scrapeNativeHistograms,

        @Option(doc = "Whether classic histograms are scraped beside native ones.") @Nullable
        Boolean alwaysScrapeClassicHistograms,

        @Option(doc = "Whether classic histograms become native ones with custom buckets.") @Nullable
        Boolean convertClassicHistogramsToNhcb,

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
        String metricNameEscapingScheme) {}
