package weir.allocator.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Inlined;
import weir.config.Option;
import weir.relabel.RelabelConfig;

/**
 * One entry of {@code scrape_configs}. Weir's allocator itself looks at the name, the intervals and the discovery; the
 * rest is for the collector, to which it is handed as it is.
 */
public record ScrapeConfig(
        @Option(doc = "A name that no other job has; slashes are fine.", required = true)
        String jobName,

        @Option(doc = "How often targets are scraped.") @Nullable
        String scrapeInterval,

        @Option(doc = "How long one scrape may take; at most the interval.") @Nullable
        String scrapeTimeout,

        @Option(doc = "The format of answers that do not name theirs.") @Nullable
        String fallbackScrapeProtocol,

        @Option(doc = "The path of the metrics, /metrics unless told otherwise.") @Nullable
        String metricsPath,

        @Option(doc = "http or https.") @Nullable String scheme,

        @Option(doc = "Parameters of the request.") @Nullable
        Map<String, List<String>> params,

        @Option(doc = "Whether the target's labels win over the job's.") @Nullable
        Boolean honorLabels,

        @Option(doc = "Whether the target's timestamps are kept.") @Nullable
        Boolean honorTimestamps,

        @Option(doc = "Whether series with timestamps of their own can become stale.") @Nullable
        Boolean trackTimestampsStaleness,

        @Option(doc = "Whether compressed answers are asked for.") @Nullable
        Boolean enableCompression,

        @Option(doc = "Whether redirects are followed.") @Nullable
        Boolean followRedirects,

        @Option(doc = "Whether HTTP/2 is used.", name = "enable_http2") @Nullable
        Boolean enableHttp2,

        @Option(doc = "Name and password.") @Nullable Map<String, Object> basicAuth,

        @Option(doc = "The Authorization header.") @Nullable Map<String, Object> authorization,

        @Option(doc = "OAuth 2.0.") @Nullable Map<String, Object> oauth2,

        @Option(doc = "TLS towards the targets.") @Nullable Map<String, Object> tlsConfig,

        @Option(doc = "A proxy.") @Nullable String proxyUrl,

        @Option(doc = "What the proxy is not used for.") @Nullable
        String noProxy,

        @Option(doc = "Whether the collector's environment names the proxy.") @Nullable
        Boolean proxyFromEnvironment,

        @Option(doc = "Headers for the proxy.") @Nullable Map<String, Object> proxyConnectHeader,

        @Option(doc = "Further headers of the request.") @Nullable
        Map<String, Object> httpHeaders,

        @Option(doc = "Targets that are given by hand.") List<StaticConfig> staticConfigs,

        @Option(doc = "How the labels of targets are made over before a scrape.")
        List<RelabelConfig> relabelConfigs,

        @Option(doc = "How the labels of samples are made over after a scrape.")
        List<RelabelConfig> metricRelabelConfigs,

        @Option(doc = "The most buckets of a native histogram.") @Nullable
        Long nativeHistogramBucketLimit,

        @Option(doc = "The smallest growth factor of a native histogram.") @Nullable
        Double nativeHistogramMinBucketFactor,

        @Inlined ScrapeLimits limits)
        implements Checked {
    private static final Pattern ADDRESS = Pattern.compile("[^/\\s]+");

    /** One entry of {@code static_configs}. */
    public record StaticConfig(
            @Option(doc = "Addresses, host:port.", required = true)
            List<String> targets,

            @Option(doc = "Labels of all of them.") Map<String, String> labels)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            for (int i = 0; i < targets.size(); i++) {
                if (!ADDRESS.matcher(targets.get(i)).matches()) {
                    complaints.error(
                            "targets[" + i + "]",
                            "must be host:port; scheme and path are options of the job, scheme and metrics_path");
                }
            }
        }
    }

    @Override
    public void check(Complaints complaints) {
        if (jobName.isBlank()) {
            complaints.error("job_name", "must not be empty");
        }
        duration("scrape_interval", scrapeInterval, complaints);
        duration("scrape_timeout", scrapeTimeout, complaints);
        if (scheme != null && !scheme.equals("http") && !scheme.equals("https")) {
            complaints.error("scheme", "must be http or https");
        }
    }

    static void duration(String option, @Nullable String text, Complaints complaints) {
        if (text != null && PromDuration.millis(text) <= 0) {
            complaints.error(option, "must be a duration such as 30s or 1m30s, longer than nothing");
        }
    }
}
