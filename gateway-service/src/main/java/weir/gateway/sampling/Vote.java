package weir.gateway.sampling;

/** What one policy thinks of a trace. */
enum Vote {
    SAMPLED,
    NOT_SAMPLED,
    /** It must not be kept, whatever others think. */
    DROPPED;

    static Vote of(boolean sampled) {
        return sampled ? SAMPLED : NOT_SAMPLED;
    }
}
