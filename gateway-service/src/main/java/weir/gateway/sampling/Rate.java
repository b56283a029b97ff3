package weir.gateway.sampling;

/** With which probability traces are kept that a policy matches. Belongs to who holds the shard's lock. */
sealed interface Rate permits AdaptiveRate, Rate.Fixed {
    Rate ALL = new Fixed(0);

    /** The threshold that the trace's randomness must reach; asked once for each trace. */
    long threshold(TraceSummary trace, DecisionContext context);

    /** Goes on with what another one of the same configuration has counted. */
    void continueFrom(Rate former);

    /** The same for all traces. */
    record Fixed(long threshold) implements Rate {
        @Override
        public long threshold(TraceSummary trace, DecisionContext context) {
            return threshold;
        }

        @Override
        public void continueFrom(Rate former) {
            // Nothing is counted.
        }
    }
}
