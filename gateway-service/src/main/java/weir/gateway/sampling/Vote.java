package weir.gateway.sampling;

/** What one policy thinks of a trace. */
enum Vote {
    SAMPLED,
    NOT_SAMPLED;

    static Vote of(boolean sampled) {
        return sampled ? SAMPLED : NOT_SAMPLED;
    }
}
