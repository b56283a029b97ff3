package weir.gateway.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.pipeline.RecentTraces.Decided;
import weir.recent.KeptSpan;
import weir.recent.RecentStore;
import weir.telemetry.Metrics;

/**
 * The answers of the console's API, ready to be written as JSON. Numbers that JavaScript could not hold exactly (Unix
 * nanoseconds) are given as milliseconds or as offsets.
 */
public final class Views {
    private static final String PER_POLICY = "otelcol_processor_tail_sampling_count_traces_sampled";
    private static final double NANOS_PER_MILLI = 1e6;

    private Views() {}

    /**
     * Decisions, oldest first, and the number to ask from next time.
     *
     * @param startedUnixMillis of the gateway; another one means that the numbers have begun anew
     */
    public static Map<String, Object> decisions(
            String gateway, long startedUnixMillis, List<RecentStore.Numbered> decisions, long after) {
        List<Object> rows = new ArrayList<>();
        long last = after;
        for (RecentStore.Numbered numbered : decisions) {
            rows.add(decision(numbered));
            last = numbered.sequence();
        }
        return tree("gateway", gateway, "started", startedUnixMillis, "last", last, "decisions", rows);
    }

    private static Map<String, Object> decision(RecentStore.Numbered numbered) {
        Decided decided = numbered.decided();
        return tree(
                "sequence", numbered.sequence(),
                "traceId", decided.traceIdHex(),
                "kept", decided.kept(),
                "policy", decided.policy(),
                "reason", decided.reason(),
                "trigger", decided.trigger(),
                "service", decided.rootService(),
                "name", decided.rootName(),
                "spans", decided.spans(),
                "durationMillis", decided.durationNanos() / NANOS_PER_MILLI,
                "decidedAtUnixMillis", decided.decidedAtUnixNanos() / 1_000_000);
    }

    /** The spans of one trace, by their start. */
    public static Map<String, Object> trace(String gateway, String traceId, List<KeptSpan> spans) {
        long begun = spans.stream().mapToLong(KeptSpan::startUnixNanos).min().orElse(0);
        List<Object> rows = new ArrayList<>();
        spans.forEach(span -> rows.add(span(span, begun)));
        return tree("gateway", gateway, "traceId", traceId, "startUnixMillis", begun / 1_000_000, "spans", rows);
    }

    private static Map<String, Object> span(KeptSpan span, long begun) {
        List<Object> events = new ArrayList<>();
        span.events()
                .forEach(event -> events.add(tree(
                        "name", event.name(),
                        "offsetMillis", (event.unixNanos() - begun) / NANOS_PER_MILLI,
                        "attributes", event.attributes())));
        return tree(
                "spanId", span.spanId(),
                "parentSpanId", span.parentSpanId(),
                "service", span.service(),
                "name", span.name(),
                "kind", span.kind(),
                "status", span.status(),
                "statusMessage", span.statusMessage(),
                "scope", span.scope(),
                "offsetMillis", (span.startUnixNanos() - begun) / NANOS_PER_MILLI,
                "durationMillis", span.durationNanos() / NANOS_PER_MILLI,
                "attributes", span.attributes(),
                "resource", span.resource(),
                "events", events);
    }

    /** The accounts that anything was booked in. */
    public static Map<String, Object> ledger(String gateway, List<Ledger> ledgers) {
        List<Object> rows = new ArrayList<>();
        for (Ledger ledger : ledgers) {
            if (ledger.receivedItems() + ledger.recoveredItems() > 0) {
                rows.add(tree(
                        "kind", ledger.kind(),
                        "component", ledger.component(),
                        "signal", ledger.signal().label(),
                        "received", ledger.receivedItems(),
                        "recovered", ledger.recoveredItems(),
                        "delivered", ledger.deliveredItems(),
                        "held", ledger.heldItems(),
                        "dropped", byReason(ledger::droppedItems),
                        "refused", byReason(ledger::refusedItems),
                        "difference", ledger.difference()));
            }
        }
        return tree("gateway", gateway, "accounts", rows);
    }

    private static Map<String, Object> byReason(java.util.function.ToLongFunction<Reason> items) {
        Map<String, Object> sums = new LinkedHashMap<>();
        for (Reason reason : Reason.values()) {
            long n = items.applyAsLong(reason);
            if (n != 0) {
                sums.put(reason.label(), n);
            }
        }
        return sums;
    }

    /** How each policy voted so far. A trace counts for every policy that looked at it. */
    public static Map<String, Object> policies(String gateway, Metrics metrics) {
        Map<String, Map<String, Object>> rows = new TreeMap<>();
        for (Metrics.Series series : metrics.all()) {
            if (series.name().equals(PER_POLICY)) {
                String policy = series.labels().getOrDefault("policy", "");
                String decision = series.labels().getOrDefault("decision", "").toLowerCase(Locale.ROOT);
                rows.computeIfAbsent(policy, p -> tree("policy", p, "sampled", 0L, "not_sampled", 0L, "dropped", 0L))
                        .merge(decision, (long) series.value().getAsDouble(), (a, b) -> (Long) a + (Long) b);
            }
        }
        return tree("gateway", gateway, "policies", new ArrayList<>(rows.values()));
    }

    /** How many traces shadow policies would have decided alike and otherwise, by what became of them. */
    public static List<Object> shadowTraces(Metrics metrics) {
        List<Object> rows = new ArrayList<>();
        for (Metrics.Series series : metrics.all()) {
            if (series.name().equals("weir_sampling_shadow_traces")) {
                rows.add(tree(
                        "component", series.labels().getOrDefault("component", ""),
                        "live", series.labels().getOrDefault("live", ""),
                        "shadow", series.labels().getOrDefault("shadow", ""),
                        "traces", (long) series.value().getAsDouble()));
            }
        }
        return rows;
    }

    /** Name, value, name, value. */
    public static Map<String, Object> tree(Object... entries) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            tree.put((String) entries[i], entries[i + 1]);
        }
        return tree;
    }
}
