package weir.processor.memory;

import java.time.Duration;
import weir.config.Checked;
import weir.config.Option;

/** The options of {@code memory_limiter}: the collector's, but for those about forcing its garbage collector. */
public record MemoryLimiterConfig(
        @Option(
                doc =
                        "How often the rate at which held bytes drain is measured; the limit itself is compared with every"
                                + " request. Must be longer than nothing, 1s is usual.",
                fallback = "0s")
        Duration checkInterval,

        @Option(doc = "The hard limit of the bytes that all components hold, in MiB. Wins over limit_percentage.")
        int limitMib,

        @Option(
                doc =
                        "How much may come in addition while requests are under way, in MiB: data is refused above the hard"
                                + " limit less this. 0: 20 % of the hard limit.")
        int spikeLimitMib,

        @Option(doc = "The hard limit as a percentage, 1 to 100, of the memory that the container may use.")
        int limitPercentage,

        @Option(doc = "spike_limit_mib as a percentage of the same memory. 0: 20 % of the hard limit.")
        int spikeLimitPercentage)
        implements Checked {
    @Override
    public void check(Complaints complaints) {
        if (!checkInterval.isPositive()) {
            complaints.error("check_interval", "must be longer than nothing; 1s is usual");
        }
        if (limitMib < 0 || spikeLimitMib < 0) {
            complaints.error(limitMib < 0 ? "limit_mib" : "spike_limit_mib", "must not be negative");
        }
        if (limitPercentage < 0 || limitPercentage > 100) {
            complaints.error("limit_percentage", "is a percentage, 1 to 100");
        }
        if (spikeLimitPercentage < 0 || spikeLimitPercentage > 100) {
            complaints.error("spike_limit_percentage", "is a percentage, 1 to 100");
        }
        if (limitMib == 0 && limitPercentage == 0) {
            complaints.error("", "one of limit_mib and limit_percentage must be given");
        }
        if (limitMib > 0 && spikeLimitMib >= limitMib) {
            complaints.error("spike_limit_mib", "must be smaller than limit_mib, or all data is refused");
        }
        if (limitMib == 0 && limitPercentage > 0 && spikeLimitPercentage >= limitPercentage) {
            complaints.error("spike_limit_percentage", "must be smaller than limit_percentage, or all data is refused");
        }
        if (limitMib > 0 && limitPercentage > 0) {
            complaints.warning("limit_percentage", "does nothing beside limit_mib");
        }
    }
}
