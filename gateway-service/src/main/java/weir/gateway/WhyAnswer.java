package weir.gateway;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import weir.gateway.console.Views;
import weir.gateway.sampling.Why;
import weir.pipeline.RecentTraces.Decided;

/**
 * What a gateway knows of one trace, for programs and for people.
 *
 * @param answers of its samplers
 * @param described what the console was told of the decision, if it was: names, and the reason with texts of spans
 */
record WhyAnswer(String gateway, String traceId, List<Why> answers, Optional<Decided> described) {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** @param traceId 32 hex digits */
    static WhyAnswer of(String gateway, String traceId, List<Why.Source> samplers, Optional<Decided> described) {
        long high = Long.parseUnsignedLong(traceId, 0, 16, 16);
        long low = Long.parseUnsignedLong(traceId, 16, 32, 16);
        return new WhyAnswer(
                gateway, traceId, samplers.stream().map(s -> s.why(high, low)).toList(), described);
    }

    /** Whether any sampler knows the trace. */
    boolean found() {
        return answers.stream().anyMatch(a -> !(a instanceof Why.Unknown));
    }

    /** What a policy looked at: with texts of spans where the console was told them. */
    private String values(Why.Decided decided, Why.Voted voted) {
        return voted.policy().equals(decided.policy())
                ? described
                        .filter(d -> d.policy().equals(voted.policy()))
                        .map(Decided::reason)
                        .orElse(voted.values())
                : voted.values();
    }

    Map<String, Object> tree() {
        List<Object> all = new ArrayList<>();
        answers.forEach(answer -> all.add(tree(answer)));
        return Views.tree(
                "gateway",
                gateway,
                "traceId",
                traceId,
                "found",
                found(),
                "service",
                described.map(Decided::rootService).orElse(""),
                "name",
                described.map(Decided::rootName).orElse(""),
                "answers",
                all);
    }

    private Map<String, Object> tree(Why answer) {
        return switch (answer) {
            case Why.Decided d -> {
                List<Object> votes = new ArrayList<>();
                d.votes()
                        .forEach(v -> votes.add(Views.tree(
                                "policy", v.policy(),
                                "vote", v.vote().name().toLowerCase(Locale.ROOT),
                                "values", values(d, v))));
                yield Views.tree(
                        "state", "decided",
                        "sampler", d.sampler(),
                        "kept", d.kept(),
                        "policy", d.policy(),
                        "trigger", d.trigger(),
                        "decidedAtUnixMillis", d.decidedAtUnixMillis(),
                        "waitedMillis", d.waitedMillis(),
                        "spans", d.spans(),
                        "bytes", d.bytes(),
                        "durationMillis", d.durationNanos() / NANOS_PER_MILLI,
                        "policySet", d.policySet(),
                        "votes", votes);
            }
            case Why.Remembered(var sampler, var kept, var policy, var ago) ->
                Views.tree("state", "remembered", "sampler", sampler, "kept", kept, "policy", policy, "agoMillis", ago);
            case Why.Waiting(var sampler, var spans, var waited, var due) ->
                Views.tree(
                        "state",
                        "waiting",
                        "sampler",
                        sampler,
                        "spans",
                        spans,
                        "waitedMillis",
                        waited,
                        "dueMillis",
                        due);
            case Why.Unknown(var sampler, var decisions, var since) ->
                Views.tree("state", "unknown", "sampler", sampler, "explains", decisions, "sinceUnixMillis", since);
        };
    }

    /** Lines for people. */
    String text(long nowUnixMillis) {
        StringBuilder text = new StringBuilder();
        if (answers.isEmpty()) {
            text.append(gateway).append(": no tail_sampling runs in this gateway\n");
        }
        answers.forEach(answer -> text.append(gateway)
                .append(' ')
                .append(answer.sampler())
                .append(": ")
                .append(text(answer, nowUnixMillis)));
        return text.toString();
    }

    private String text(Why answer, long now) {
        return switch (answer) {
            case Why.Decided d -> text(d, now);
            case Why.Remembered(var _, var kept, var policy, var ago) ->
                (kept ? "kept" : "dropped") + (policy.isEmpty() ? "" : " by policy " + policy) + " " + time(ago)
                        + " ago, too long for what the policies looked at to be known still\n";
            case Why.Waiting(var _, var spans, var waited, var due) ->
                "not decided yet: " + count(spans, "span") + " in " + time(waited) + "; will be decided within "
                        + time(due) + "\n";
            case Why.Unknown(var _, var decisions, var since) ->
                "not known: no span of it came here, or it was decided too long ago. "
                        + (decisions == 0
                                ? "Decisions are not explained, by weir.explained_mib: 0.\n"
                                : since == 0
                                        ? "Nothing was decided here yet.\n"
                                        : "Decisions can be explained since "
                                                + CLOCK.format(Instant.ofEpochMilli(since)) + ", " + time(now - since)
                                                + " ago.\n");
        };
    }

    private String text(Why.Decided d, long now) {
        StringBuilder text = new StringBuilder();
        text.append(verdict(d))
                .append(", ")
                .append(time(now - d.decidedAtUnixMillis()))
                .append(" ago (")
                .append(CLOCK.format(Instant.ofEpochMilli(d.decidedAtUnixMillis())))
                .append(")\n  ");
        described.ifPresent(named -> text.append(named.rootService().isEmpty() ? "?" : named.rootService())
                .append(" · ")
                .append(named.rootName())
                .append(", "));
        text.append(count(d.spans(), "span"))
                .append(" of ")
                .append(d.bytes())
                .append(" B, ")
                .append(time(d.durationNanos() / 1_000_000))
                .append("; decided after ")
                .append(time(d.waitedMillis()))
                .append(", trigger ")
                .append(d.trigger())
                .append(", policies ")
                .append(d.policySet())
                .append('\n');
        int width = d.votes().stream().mapToInt(v -> v.policy().length()).max().orElse(0);
        for (Why.Voted v : d.votes()) {
            text.append(String.format(
                            Locale.ROOT,
                            "  %-" + Math.clamp(width, 1, 40) + "s  %-17s  %s",
                            v.policy(),
                            v.vote().words(),
                            values(d, v))
                    .stripTrailing());
            text.append('\n');
        }
        return text.toString();
    }

    private static String verdict(Why.Decided d) {
        if (!d.policy().isEmpty()) {
            return (d.kept() ? "kept" : "dropped") + " by policy " + d.policy();
        }
        return d.votes().stream()
                .filter(v -> v.vote() == Why.Vote.KEEP)
                .findFirst()
                .map(v -> "dropped: policy " + v.policy() + " matched, but keeps only a share")
                .orElse(
                        d.votes().stream().allMatch(v -> v.vote() == Why.Vote.NOT_ASKED)
                                ? "dropped, and no policy was asked then"
                                : "dropped, as no policy wanted it");
    }

    private static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private static String time(long millis) {
        if (millis < 1000) {
            return Math.max(0, millis) + " ms";
        }
        long seconds = millis / 1000;
        return seconds < 60
                ? String.format(Locale.ROOT, "%.1f s", millis / 1000.0)
                : seconds < 3600
                        ? seconds / 60 + " min " + seconds % 60 + " s"
                        : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
    }
}
