package weir.extension.filestorage;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.journal.JournalOptions;
import weir.journal.Sync;

/** The options of {@code file_storage}. */
public record FileStorageConfig(
        @Option(
                doc = "Where to keep files: one directory in it for each queue. One process at a time may use it.",
                fallback = "/var/lib/otelcol/file_storage")
        String directory,

        @Option(doc = "Make the directory if it is missing.", fallback = "false")
        boolean createDirectory,

        @Option(doc = "Permissions of the directory that is made, in octal.", fallback = "0750")
        String directoryPermissions,

        @Option(doc = "How long to wait for another process to let go of a directory.", fallback = "1s")
        Duration timeout,

        @Option(
                doc = "Acknowledge only what was synced to the disk: it outlives the node, not just the process.",
                fallback = "false")
        boolean fsync,

        @Option(
                doc =
                        "How many bytes the files of one queue may take, 1 MiB or more; 0 is 1 GiB. At the bound, the queue"
                                + " refuses.",
                fallback = "0")
        long maxSize,

        @Option(
                doc =
                        "Accepted for the collector's files, and of no effect: what is damaged is left out and counted, what"
                                + " is intact is read.",
                fallback = "false")
        boolean recreate,

        @Option(
                doc =
                        "Accepted for the collector's files, and of no effect: files are used again, those too many deleted.")
        @Nullable
        CompactionConfig compaction,

        @Option(doc = "Weir's own options.") WeirConfig weir)
        implements Checked {
    private static final long MOST_BYTES = 1L << 30;

    /** Weir's own options. */
    public record WeirConfig(
            @Option(
                    doc =
                            "What an acknowledgement outlives: none and interval, the process; of a node that dies, interval"
                                    + " loses what came since the last sync. fsync: true is always.",
                    fallback = "interval")
            Sync sync,

            @Option(doc = "Time between syncs.", fallback = "1s")
            Duration syncInterval) {}

    /** The collector's options about making its database smaller. */
    public record CompactionConfig(
            @Option(doc = "Of no effect.", fallback = "false")
            boolean onStart,

            @Option(doc = "Of no effect.", fallback = "false")
            boolean onRebound,

            @Option(doc = "Of no effect.") String directory,
            @Option(doc = "Of no effect.", fallback = "100") long reboundNeededThresholdMib,
            @Option(doc = "Of no effect.", fallback = "10") long reboundTriggerThresholdMib,

            @Option(doc = "Of no effect.", fallback = "65536")
            long maxTransactionSize,

            @Option(doc = "Of no effect.", fallback = "5s") Duration checkInterval,

            @Option(doc = "Of no effect.", fallback = "false")
            boolean cleanupOnStart) {}

    @Override
    public void check(Complaints complaints) {
        if (directory.isEmpty()) {
            complaints.error("directory", "must be given");
        }
        if (!directoryPermissions.matches("0?[0-7]{3}")) {
            complaints.error("directory_permissions", "must be octal, such as 0750");
        }
        if (timeout.isNegative()) {
            complaints.error("timeout", "must not be negative");
        }
        if (maxSize != 0 && maxSize < JournalOptions.MIN_BYTES) {
            complaints.error("max_size", "must be " + JournalOptions.MIN_BYTES + " bytes or more; 0 is 1 GiB");
        }
        if (!weir.syncInterval().isPositive()) {
            complaints.error("weir.sync_interval", "must be longer than nothing");
        }
        if (compaction != null) {
            complaints.warning("compaction", "has no effect: files are used again, and those too many are deleted");
        }
        if (recreate) {
            complaints.warning("recreate", "has no effect: what is damaged is left out and counted");
        }
        if (fsync && weir.sync() == Sync.NONE) {
            complaints.warning("weir.sync", "has no effect beside fsync: true");
        }
    }

    Sync sync() {
        return fsync ? Sync.ALWAYS : weir.sync();
    }

    long maxBytes() {
        return maxSize == 0 ? MOST_BYTES : maxSize;
    }
}
