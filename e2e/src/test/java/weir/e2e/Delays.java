package weir.e2e;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long traces of a test's own took from before their request was sent until their first span was at the backend, by kinds
 * of trace, and which spans of each came. Both ends are one process, so that one clock measures. Safe for any thread.
 */
final class Delays {
    private record Sent(String kind, long nanos) {}

    private final Map<Long, Sent> sent = new HashMap<>();
    /** By trace, one bit for each of its spans, at most 64. */
    private final Map<Long, Long> arrived = new HashMap<>();

    private final Map<String, List<Double>> millis = new TreeMap<>();

    /** A trace is about to be sent. */
    synchronized void sending(long number, String kind) {
        sent.put(number, new Sent(kind, System.nanoTime()));
    }

    /** Spans are at the backend; for {@link weir.load.Sink#watch}. */
    synchronized void arrived(long[] ids) {
        long now = System.nanoTime();
        for (long id : ids) {
            long number = NumberedSpan.numberOf(id);
            Sent trace = sent.get(number);
            boolean first = !arrived.containsKey(number);
            arrived.merge(number, 1L << NumberedSpan.indexOf(id), (some, one) -> some | one);
            if (first && trace != null) {
                millis.computeIfAbsent(trace.kind, _ -> new ArrayList<>()).add((now - trace.nanos) / 1e6);
            }
        }
    }

    /** How many spans of a trace came; one that came twice, because its delivery was not acknowledged in time, is one. */
    synchronized int spans(long number) {
        return Long.bitCount(arrived.getOrDefault(number, 0L));
    }

    /** @param quantile 0 to 1 */
    synchronized double millis(String kind, double quantile) {
        List<Double> sorted = new ArrayList<>(millis.getOrDefault(kind, List.of()));
        Collections.sort(sorted);
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.round(quantile * (sorted.size() - 1)));
    }
}
