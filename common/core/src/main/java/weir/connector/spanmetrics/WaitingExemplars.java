package weir.connector.spanmetrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.pipeline.TraceVerdicts.Verdict;

/**
 * Exemplars that wait until it is known whether their trace was kept, and until their series is shown. Belongs to one thread at
 * a time.
 */
final class WaitingExemplars {
    /**
     * A span.
     *
     * @param sinceNanos when it came here, as the timer tells
     */
    record Exemplar(Series series, long traceIdHigh, long traceIdLow, long spanId, double value, long sinceNanos) {}

    /**
     * A series, whether it is there or not.
     *
     * @param family its number
     */
    record Series(int family, long identity) {}

    /** What one takes, with what holds it. */
    private static final int BYTES = 96;

    private final int maxPerPoint;
    private final int maxWaiting;
    private final long maxWaitNanos;
    private List<Exemplar> waiting = new ArrayList<>();
    private final Map<Series, List<Exemplar>> kept = new HashMap<>();
    private final Set<Series> shown = new HashSet<>();
    private long givenUp;

    WaitingExemplars(SpanMetricsConfig.ExemplarsConfig config) {
        maxPerPoint = config.perPoint();
        maxWaiting = config.weir().maxWaitingExemplars();
        maxWaitNanos = config.weir().maxWait().toNanos();
    }

    /** Adds those of all series, which forget them. */
    void take(SeriesTable table, long nowNanos) {
        for (int series = 0; series < table.size(); series++) {
            for (int i = 0; i < table.exemplars(series); i++) {
                if (waiting.size() == maxWaiting) {
                    givenUp++;
                } else {
                    waiting.add(new Exemplar(
                            new Series(table.family(), table.identity(series)),
                            table.exemplarTraceIdHigh(series, i),
                            table.exemplarTraceIdLow(series, i),
                            table.exemplarSpanId(series, i),
                            table.exemplarValue(series, i),
                            nowNanos));
                }
            }
        }
        table.forgetExemplars();
    }

    /** The traces to be asked about: two numbers of each. */
    long[] traceIds() {
        long[] ids = new long[2 * waiting.size()];
        for (int i = 0; i < waiting.size(); i++) {
            ids[2 * i] = waiting.get(i).traceIdHigh;
            ids[2 * i + 1] = waiting.get(i).traceIdLow;
        }
        return ids;
    }

    /**
     * Sorts out what the traces became.
     *
     * @param verdicts of {@link #traceIds}, asked since the last {@link #take}
     */
    void decide(Verdict[] verdicts, long nowNanos) {
        List<Exemplar> undecided = new ArrayList<>();
        for (int i = 0; i < waiting.size(); i++) {
            Exemplar exemplar = waiting.get(i);
            if (verdicts[i] == Verdict.DROPPED) {
                continue;
            }
            if (nowNanos - exemplar.sinceNanos > maxWaitNanos) {
                givenUp++;
            } else if (verdicts[i] == Verdict.KEPT) {
                kept.computeIfAbsent(exemplar.series, _ -> new ArrayList<>()).add(exemplar);
            } else {
                undecided.add(exemplar);
            }
        }
        waiting = undecided;
    }

    /** Those to be shown with a point of a series, which are its for as long as points are made. */
    List<Exemplar> of(Series series) {
        List<Exemplar> its = kept.get(series);
        if (its == null) {
            return List.of();
        }
        shown.add(series);
        return its.subList(0, Math.min(its.size(), maxPerPoint));
    }

    /** Forgets what was shown; the rest waits for the next points. */
    void forgetShown() {
        kept.forEach((series, its) -> waiting.addAll(
                shown.contains(series) ? its.subList(Math.min(its.size(), maxPerPoint), its.size()) : its));
        kept.clear();
        shown.clear();
    }

    int waiting() {
        return waiting.size();
    }

    /** How many were not shown because nothing was known of their trace for too long, or too many waited. */
    long givenUp() {
        return givenUp;
    }

    long heldBytes() {
        return (long) BYTES * waiting.size();
    }
}
