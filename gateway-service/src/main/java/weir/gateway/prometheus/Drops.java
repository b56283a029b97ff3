package weir.gateway.prometheus;

import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import weir.pipeline.Reason;

/**
 * Counts the points of a batch that were not taken in, and tells people about one of each kind a minute. Belongs to the
 * writer's thread.
 */
final class Drops {
    private static final long QUIET_NANOS = 60_000_000_000L;

    private final System.Logger log;
    private final LongSupplier nanoTime;
    private final Map<Reason, Long> counts = new EnumMap<>(Reason.class);
    private final Map<Reason, Long> toldAt = new EnumMap<>(Reason.class);

    Drops(System.Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /** One point of the metric that the walk is at. */
    void drop(Reason reason, Source source, String why) {
        counts.merge(reason, 1L, Long::sum);
        if (tells(reason)) {
            String name = source.metricName();
            String shown = name.length() <= 200 ? name : name.substring(0, 200) + "...";
            log.log(Level.WARNING, "points of metric \"{0}\" are dropped ({1}): {2}", shown, reason.label(), why);
        }
    }

    /** A point of a series that is not shown, because a newer one has the same name and labels. */
    void clashed(String name) {
        counts.merge(Reason.NAME_CONFLICT, 1L, Long::sum);
        clash(name);
    }

    /** A series came that has the name and labels of another. */
    void clash(String name) {
        if (tells(Reason.NAME_CONFLICT)) {
            log.log(
                    Level.WARNING,
                    "several series of {0} have the same labels; only the newest is shown. What tells them apart is not a"
                            + " label: turn resource_to_telemetry_conversion on, or name attributes in"
                            + " resource_constant_labels",
                    name);
        }
    }

    private boolean tells(Reason reason) {
        long now = nanoTime.getAsLong();
        Long before = toldAt.get(reason);
        if (before != null && now - before < QUIET_NANOS) {
            return false;
        }
        toldAt.put(reason, now);
        return true;
    }

    /** What was counted since the last time. */
    Map<Reason, Long> take() {
        Map<Reason, Long> taken = counts.isEmpty() ? Map.of() : new EnumMap<>(counts);
        counts.clear();
        return taken;
    }
}
