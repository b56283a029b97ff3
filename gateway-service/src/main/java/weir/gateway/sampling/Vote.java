package weir.gateway.sampling;

/** What one policy thinks of a trace. */
enum Vote {
    SAMPLED,
    NOT_SAMPLED,
    /** It must not be kept, whatever others think. */
    DROPPED,
    /** The policy could not tell: as if it had not been asked. */
    FAILED;

    static Vote of(boolean sampled) {
        return sampled ? SAMPLED : NOT_SAMPLED;
    }
}
