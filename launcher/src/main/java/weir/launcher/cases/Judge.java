package weir.launcher.cases;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import weir.config.Problem;
import weir.gateway.sampling.Why;
import weir.launcher.cases.CasesFile.Case;
import weir.launcher.cases.CasesFile.Expectation;
import weir.launcher.cases.CasesFile.Made;
import weir.launcher.cases.Tracks.Arrived;
import weir.launcher.cases.Tracks.Place;
import weir.launcher.cases.Trial.Outcome;
import weir.otlp.AnyValueText;

/** Compares what became of one case with what it expects. */
final class Judge {
    private static final String ANY = "true";
    private static final String NONE = "false";

    /**
     * What is not as expected.
     *
     * @param notes what explains it, a line each
     */
    record Failure(Problem problem, List<String> notes) {}

    private final Source source;
    private final int number;
    private final Case expected;
    private final Outcome outcome;
    private final List<Failure> failures = new ArrayList<>();

    private Judge(Source source, int number, Case expected, Outcome outcome) {
        this.source = source;
        this.number = number;
        this.expected = expected;
        this.outcome = outcome;
    }

    /**
     * All that is not as a case expects.
     *
     * @param number of the case in its file, from 0
     */
    static List<Failure> failures(Source source, int number, Case expected, Outcome outcome) {
        Judge judge = new Judge(source, number, expected, outcome);
        outcome.refusals().forEach(why -> judge.fail(List.of("name"), why, List.of()));
        List<String> items = expected.items();
        for (int entry = 0, placed = 0; entry < expected.expect().size(); entry++) {
            Expectation expectation = expected.expect().get(entry);
            String of = expectation.of();
            int place = of == null ? placed++ : -1;
            for (int item = 0; item < items.size(); item++) {
                boolean meant = of == null
                        ? place == item || judge.oneForAll()
                        : items.contains(of) ? items.get(item).equals(of) : of.equals(Integer.toString(item));
                if (meant) {
                    judge.judge(entry, expectation, item);
                }
            }
        }
        for (int i = 0; i < expected.makes().size(); i++) {
            judge.made(i, expected.makes().get(i));
        }
        return List.copyOf(judge.failures);
    }

    /** Whether the entry that names no item is about all of them. */
    private boolean oneForAll() {
        return expected.expect().stream().filter(e -> e.of() == null).count() == 1;
    }

    private void judge(int entry, Expectation expectation, int item) {
        List<Object> at = List.of("expect", entry);
        Set<String> reached = outcome.tracks().reached(item);
        List<Item> out = outcome.tracks().out(item);
        List<String> reaches = expectation.reaches();
        if (reaches != null && !Set.copyOf(reaches).equals(reached)) {
            fail(
                    plus(at, "reaches"),
                    label(item) + " was to reach " + list(new TreeSet<>(reaches)) + ", but it " + fate(item),
                    why(item));
        }
        String dropped = expectation.dropped();
        if (dropped != null && !dropped.equals(NONE)) {
            dropped(plus(at, "dropped"), dropped, item, reaches == null);
            if (reached.isEmpty()) {
                return;
            }
        }
        String kept = expectation.kept();
        if (NONE.equals(dropped) || (kept != null && !kept.equals(NONE))) {
            kept(plus(at, kept == null ? "dropped" : "kept"), kept == null ? ANY : kept, item);
        } else if (NONE.equals(kept) && !reached.isEmpty()) {
            fail(plus(at, "kept"), label(item) + " was not to be kept, but it " + fate(item), why(item));
        }
        List<Difference> differences = new ArrayList<>();
        if (out.isEmpty()) {
            String first = Difference.firstInside(expectation);
            if (first != null && kept == null && !NONE.equals(dropped) && reaches == null) {
                fail(plus(at, first), label(item) + " " + fate(item), why(item));
            }
            return;
        }
        for (Item each : out) {
            differences.addAll(Difference.of(expectation, each));
        }
        new LinkedHashSet<>(differences)
                .forEach(m -> fail(plus(at, m.path().toArray()), label(item) + ": " + m.what(), List.of()));
    }

    private void dropped(List<Object> at, String by, int item, boolean whole) {
        Set<String> reached = outcome.tracks().reached(item);
        List<Place> droppers = outcome.tracks().droppers(item);
        String wanted = label(item) + " was to be dropped" + (by.equals(ANY) ? "" : " by " + by) + ", but it ";
        boolean dropped = by.equals(ANY)
                ? reached.isEmpty() || !droppers.isEmpty()
                : droppers.stream().anyMatch(place -> place.id().toString().equals(by))
                        || decisions(item).stream()
                                .anyMatch(d -> !d.kept() && d.policy().equals(by));
        if (!dropped || (whole && !reached.isEmpty())) {
            fail(at, wanted + fate(item), why(item));
        }
    }

    private void kept(List<Object> at, String by, int item) {
        boolean here = !outcome.tracks().reached(item).isEmpty();
        boolean byIt = by.equals(ANY)
                || decisions(item).stream().anyMatch(d -> d.kept() && d.policy().equals(by));
        if (!here || !byIt) {
            fail(
                    at,
                    label(item) + " was to be kept" + (by.equals(ANY) ? "" : " by " + by) + ", but it " + fate(item),
                    why(item));
        }
    }

    /** What became of an item, as the end of a sentence. */
    private String fate(int item) {
        Set<String> reached = outcome.tracks().reached(item);
        List<Place> droppers = outcome.tracks().droppers(item);
        List<String> parts = new ArrayList<>();
        for (Place place : droppers) {
            parts.add("was dropped by " + place.id() + (place.pipeline().isEmpty() ? "" : " in " + place.pipeline()));
        }
        String keeper = decisions(item).stream()
                .filter(Why.Decided::kept)
                .map(Why.Decided::policy)
                .distinct()
                .collect(Collectors.joining(", "));
        if (!keeper.isEmpty()) {
            parts.add("was kept by " + keeper);
        }
        if (!reached.isEmpty()) {
            parts.add("reached " + list(reached));
        } else if (droppers.isEmpty()) {
            parts.add("reached no exporter");
        }
        return String.join(", ", parts);
    }

    /** What the samplers' policies said of an item's trace. */
    private List<String> why(int item) {
        List<String> lines = new ArrayList<>();
        for (Why.Decided decided : decisions(item)) {
            lines.add(decided.sampler() + ": " + (decided.kept() ? "kept" : "dropped")
                    + (decided.policy().isEmpty() ? ", no policy would keep it" : " by " + decided.policy()));
            decided.votes()
                    .forEach(vote -> lines.add("  " + vote.policy() + " "
                            + vote.vote().words()
                            + (vote.values().isEmpty() ? "" : ": " + vote.values())));
            if (decided.votes().stream().anyMatch(vote -> vote.values().contains("probability"))) {
                lines.add("  (a probability is 100 % or 0 % by the case's draw, " + AnyValueText.number(expected.draw())
                        + ")");
            }
        }
        return lines;
    }

    private List<Why.Decided> decisions(int item) {
        return item < expected.spans().size()
                ? outcome.of(Letters.traceId(expected, expected.spans().get(item)))
                : List.of();
    }

    private String label(int item) {
        int spans = expected.spans().size();
        int logs = spans + expected.logs().size();
        String kind = item < spans ? "span" : item < logs ? "log record" : "point of";
        return kind + " '" + Difference.clip(expected.items().get(item)) + "'";
    }

    private void made(int entry, Made wanted) {
        List<Arrived> made = outcome.tracks().made();
        List<Arrived> named = made.stream()
                .filter(a -> a.item().name().equals(wanted.name()))
                .filter(a -> wanted.reaches() == null || a.exporter().toString().equals(wanted.reaches()))
                .toList();
        if (named.stream().anyMatch(a -> Difference.of(wanted, a.item()).isEmpty())) {
            return;
        }
        List<Object> at = List.of("makes", entry);
        if (named.isEmpty()) {
            Set<String> names = made.stream()
                    .map(a -> a.item().name() + " for " + a.exporter())
                    .collect(Collectors.toCollection(TreeSet::new));
            fail(plus(at, "name"), wanted.name() + " was not made; made were: " + list(names), List.of());
            return;
        }
        Difference nearest = named.stream()
                .map(a -> Difference.of(wanted, a.item()))
                .min((a, b) -> Integer.compare(a.size(), b.size()))
                .orElseThrow()
                .getFirst();
        fail(
                plus(at, nearest.path().toArray()),
                "none of " + named.size() + " made fits; of the nearest, " + nearest.what(),
                List.of());
    }

    private void fail(List<Object> path, String message, List<String> notes) {
        List<Object> whole = new ArrayList<>(List.of("cases", number));
        whole.addAll(path);
        failures.add(new Failure(source.problem(source.at(whole.toArray()), message, ""), notes));
    }

    private static List<Object> plus(List<Object> path, Object... steps) {
        List<Object> longer = new ArrayList<>(path);
        longer.addAll(List.of(steps));
        return longer;
    }

    private static String list(Set<String> names) {
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }
}
