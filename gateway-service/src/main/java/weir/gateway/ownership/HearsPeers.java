package weir.gateway.ownership;

import weir.pipeline.ToldDecisions;

/** A component that takes what other gateways tell. Safe for use by any thread. */
public interface HearsPeers {
    /** What one of them told can be nothing for this component. */
    int NOT_HERE = -1;

    /**
     * Takes what one of them told.
     *
     * @return how much of it was new and is remembered now; {@link #NOT_HERE}: it is for none of the samplers behind this one
     * @throws IllegalArgumentException for what cannot be, with a sentence
     */
    int hear(ToldDecisions told);
}
