package weir.gateway.sampling;

import java.util.List;

/** What became of one trace, as far as its sampler can tell. */
public sealed interface Why {
    /** The sampler's id in the pipeline file. */
    String sampler();

    /**
     * It was decided lately enough for all that policies looked at to be known.
     *
     * @param policy that decided, empty if none did
     * @param trigger what made it be decided then: deadline, root_seen, memory, span_limit, span_ingest, shutdown,
     *     decided_elsewhere
     * @param waitedMillis from its first span to the decision
     * @param spans that it had
     * @param bytes of those spans
     * @param durationNanos from its earliest start to its latest end
     * @param policySet the hash of the policies, as on kept spans
     * @param votes of the policies in the order in which they were asked; those that were not asked come last
     */
    record Decided(
            String sampler,
            boolean kept,
            String policy,
            String trigger,
            long decidedAtUnixMillis,
            long waitedMillis,
            int spans,
            int bytes,
            long durationNanos,
            String policySet,
            List<Voted> votes)
            implements Why {}

    /**
     * It was decided too long ago for more than this to be known.
     *
     * @param policy that kept it, empty if none did or it is not known any more
     * @param agoMillis when, within a second or so
     */
    record Remembered(String sampler, boolean kept, String policy, long agoMillis) implements Why {}

    /**
     * It is not decided yet.
     *
     * @param dueMillis when it will be, if nothing makes it earlier
     */
    record Waiting(String sampler, int spans, long waitedMillis, long dueMillis) implements Why {}

    /**
     * Nothing is known of it: it never came here, or too long ago.
     *
     * @param decisions how many the sampler can explain
     * @param sinceUnixMillis when the oldest of them was made; 0 if there is none
     */
    record Unknown(String sampler, int decisions, long sinceUnixMillis) implements Why {}

    /** What one policy said, and the values that it looked at. */
    record Voted(String policy, Vote vote, String values) {}

    /** How a policy can have voted. */
    enum Vote {
        KEEP("would keep it"),
        NOT_KEEP("would not keep it"),
        DROP("has it dropped"),
        NOT_ASKED("was not asked");

        private final String words;

        Vote(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    /** A sampler that can tell. */
    interface Source {
        /** What became of a trace; may wait some milliseconds for a decision that is being made. Safe for any thread. */
        Why why(long idHigh, long idLow);
    }
}
