package weir.processor.memory;

/**
 * The limits in bytes, and how they came about.
 *
 * <p>What components hold lies in the heap, so a limit beyond what the heap can carry would be met by an OutOfMemoryError
 * first. The effective hard limit is therefore the smaller one of what is configured and {@value #HEAP_PERCENT} % of the
 * maximum heap; the rest of the heap is for requests under way, indexes and code. A spike limit that the smaller hard limit
 * leaves no room for becomes the default, 20 % of it.
 *
 * @param hardBytes the effective hard limit
 * @param softBytes held bytes beyond which data is refused
 * @param configuredBytes the hard limit as configured
 */
record MemoryLimit(long hardBytes, long softBytes, long configuredBytes) {
    static final int HEAP_PERCENT = 70;
    private static final int DEFAULT_SPIKE_PERCENT = 20;
    private static final long MIB = 1 << 20;

    /**
     * @param containerBytes the memory that percentages are of
     * @param maxHeapBytes of this JVM
     */
    static MemoryLimit of(MemoryLimiterConfig config, long containerBytes, long maxHeapBytes) {
        boolean fixed = config.limitMib() > 0;
        long configured = fixed ? config.limitMib() * MIB : percent(containerBytes, config.limitPercentage());
        long spike = fixed ? config.spikeLimitMib() * MIB : percent(containerBytes, config.spikeLimitPercentage());
        long hard = Math.min(configured, percent(maxHeapBytes, HEAP_PERCENT));
        if (spike == 0 || spike >= hard) {
            spike = percent(hard, DEFAULT_SPIKE_PERCENT);
        }
        return new MemoryLimit(hard, hard - spike, configured);
    }

    boolean isLoweredToHeap() {
        return hardBytes < configuredBytes;
    }

    String describe(long maxHeapBytes) {
        String limits = "refusing data while components hold more than " + mib(softBytes) + " (hard limit "
                + mib(hardBytes) + ")";
        return isLoweredToHeap()
                ? limits + "; the configured limit of " + mib(configuredBytes) + " is more than " + HEAP_PERCENT
                        + " % of the maximum heap of " + mib(maxHeapBytes)
                        + ", which is what this JVM can carry: raise -Xmx to use it"
                : limits;
    }

    static String mib(long bytes) {
        return bytes / MIB + " MiB";
    }

    private static long percent(long bytes, int percent) {
        return (long) (bytes * (percent / 100.0));
    }
}
