package weir.gateway.prometheus;

import weir.config.Checked;
import weir.config.Option;

/** What bounds the exporter's memory: Weir's own options of {@code prometheus}. */
public record PrometheusLimits(
        @Option(
                doc = "The most series that are held; points of further ones are dropped (series_limit).",
                fallback = "1000000")
        int maxSeries,

        @Option(
                doc =
                        "The most MiB that series may take, estimated; points of further ones are dropped (series_limit).",
                fallback = "512")
        int maxSeriesMib,

        @Option(doc = "The most labels of a series; points with more are dropped (too_large).", fallback = "128")
        int maxLabels,

        @Option(
                doc =
                        "The longest value of a label, in bytes of UTF-8; points with a longer one are dropped (too_large).",
                fallback = "4096")
        int maxLabelValueBytes,

        @Option(
                doc =
                        "The longest name of a metric or label, in characters; points with a longer one are dropped (too_large).",
                fallback = "512")
        int maxNameLength,

        @Option(
                doc =
                        "The most buckets of a histogram or quantiles of a summary; points with more are dropped (too_large).",
                fallback = "1000")
        int maxBuckets,

        @Option(
                doc =
                        "The most MiB of batches that wait to be taken in; further ones are refused for now (queue_full).",
                fallback = "64")
        int maxQueueMib,

        @Option(doc = "The most scrapes at a time; further ones are answered with 503.", fallback = "4")
        int maxConcurrentScrapes)
        implements Checked {
    @Override
    public void check(Complaints complaints) {
        positive(complaints, "max_series", maxSeries);
        positive(complaints, "max_series_mib", maxSeriesMib);
        positive(complaints, "max_labels", maxLabels);
        positive(complaints, "max_label_value_bytes", maxLabelValueBytes);
        positive(complaints, "max_name_length", maxNameLength);
        positive(complaints, "max_buckets", maxBuckets);
        positive(complaints, "max_queue_mib", maxQueueMib);
        positive(complaints, "max_concurrent_scrapes", maxConcurrentScrapes);
    }

    private static void positive(Complaints complaints, String option, long value) {
        if (value <= 0) {
            complaints.error(option, "must be above 0, but is " + value);
        }
    }
}
