package weir.journal;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import weir.telemetry.Metrics;

/** What a journal counts. Safe for use by any thread. */
final class Counts {
    final LongAdder appended = new LongAdder();
    final LongAdder appendedBytes = new LongAdder();
    final LongAdder refusedFull = new LongAdder();
    final LongAdder refusedBusy = new LongAdder();
    final LongAdder refusedLarge = new LongAdder();
    final LongAdder recovered = new LongAdder();
    final LongAdder damaged = new LongAdder();
    final LongAdder torn = new LongAdder();
    final LongAdder missing = new LongAdder();
    final LongAdder moved = new LongAdder();
    final LongAdder writeFailures = new LongAdder();
    final LongAdder syncs = new LongAdder();
    final LongAdder syncFailures = new LongAdder();
    final LongAdder unnoted = new LongAdder();

    void register(Metrics metrics, String... labels) {
        counter(metrics, "appended_records", "Records taken in", appended, labels);
        counter(metrics, "appended_bytes", "Payload of the records taken in", appendedBytes, labels);
        String refused = "Records that were not taken in, by reason";
        counter(metrics, "refused_records", refused, refusedFull, with(labels, "reason", "full"));
        counter(metrics, "refused_records", refused, refusedBusy, with(labels, "reason", "busy"));
        counter(metrics, "refused_records", refused, refusedLarge, with(labels, "reason", "too_large"));
        counter(metrics, "recovered_records", "Records found when it was opened", recovered, labels);
        String damage =
                "Places at which records could not be read back, by kind: damaged, torn at the end of a segment";
        counter(metrics, "damaged_places", damage, damaged, with(labels, "kind", "damaged"));
        counter(metrics, "damaged_places", damage, torn, with(labels, "kind", "torn"));
        counter(metrics, "missing_segments", "Segment files that are gone or unreadable", missing, labels);
        counter(metrics, "moved_records", "Records copied forward so that they do not hold a segment", moved, labels);
        counter(metrics, "write_failures", "Writes that failed, a full disk among them", writeFailures, labels);
        counter(metrics, "syncs", "Times that files were synced", syncs, labels);
        counter(metrics, "sync_failures", "Syncs that failed", syncFailures, labels);
        counter(
                metrics,
                "unnoted_releases",
                "Releases that found no room: after a crash such a record would be read back once more",
                unnoted,
                labels);
    }

    private static void counter(Metrics metrics, String name, String help, LongAdder value, String... labels) {
        metrics.counter("weir_journal_" + name, help, value::sum, labels);
    }

    private static String[] with(String[] labels, String name, String value) {
        String[] more = Arrays.copyOf(labels, labels.length + 2);
        more[labels.length] = name;
        more[labels.length + 1] = value;
        return more;
    }
}
