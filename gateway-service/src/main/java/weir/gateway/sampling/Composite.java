package weir.gateway.sampling;

import java.util.List;

/**
 * Asks parts in turn, each of which may keep its share of the spans of a second. As in the collector, the first part that
 * would keep a trace decides, even if its share is used up, and no part's spans count against another's; both can be changed.
 */
final class Composite implements SamplingPolicy {
    /** @param share spans that it may keep in a second */
    record Part(String name, SamplingPolicy policy, long share) {}

    private final List<Part> parts;
    private final long maxSpans;
    private final boolean fallThrough;
    private final boolean together;
    private final long[] spent;
    private long second = Long.MIN_VALUE;
    private int last;

    /**
     * @param maxSpans that may be kept in a second
     * @param fallThrough whether a trace for which a part's share does not suffice is offered to the next
     * @param together whether the maximum holds for the sum of all parts, rather than for each of them
     */
    Composite(List<Part> parts, long maxSpans, boolean fallThrough, boolean together) {
        this.parts = List.copyOf(parts);
        this.maxSpans = maxSpans;
        this.fallThrough = fallThrough;
        this.together = together;
        this.spent = new long[parts.size()];
    }

    List<Part> parts() {
        return parts;
    }

    /** The part that kept the last trace that was kept, by its place. */
    int kept() {
        return last;
    }

    @Override
    public Vote vote(TraceSummary trace, DecisionContext context) {
        long now = context.unixSecond();
        if (now != second) {
            second = now;
            java.util.Arrays.fill(spent, 0);
        }
        for (int i = 0; i < spent.length; i++) {
            Vote vote = parts.get(i).policy.vote(trace, context);
            if (vote == Vote.FAILED) {
                return vote;
            }
            if (vote == Vote.SAMPLED) {
                if (isWithin(i, trace.spans())) {
                    spent[i] += trace.spans();
                    last = i;
                    return Vote.SAMPLED;
                }
                if (!fallThrough) {
                    return Vote.NOT_SAMPLED;
                }
            }
        }
        return Vote.NOT_SAMPLED;
    }

    @Override
    public void continueFrom(SamplingPolicy former) {
        if (former instanceof Composite other) {
            second = other.second;
            System.arraycopy(other.spent, 0, spent, 0, spent.length);
            for (int i = 0; i < spent.length; i++) {
                parts.get(i).policy.continueFrom(other.parts.get(i).policy);
            }
        }
    }

    private boolean isWithin(int part, int spans) {
        long all = 0;
        for (int i = 0; i < spent.length; i++) {
            all += together || i == part ? spent[i] : 0;
        }
        return spent[part] + spans <= parts.get(part).share && all + spans <= maxSpans;
    }
}
