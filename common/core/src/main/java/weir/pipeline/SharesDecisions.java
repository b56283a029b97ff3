package weir.pipeline;

import java.time.Duration;
import java.util.List;

/**
 * A component that decides about traces, and can tell what it decided to the same component of other processes, so that spans
 * which go there from now on share the fate of their trace. Safe for use by any thread; may take some milliseconds.
 */
public interface SharesDecisions {
    /** What the component is called in all processes that share its file: "PIPELINE ID". */
    String sampler();

    /** For how long a decision that was told is of use. */
    Duration toldFor();

    /**
     * What was decided here.
     *
     * @param lately how long ago at the most, give or take a second
     * @param self the name of this process among the members
     */
    ToldDecisions decided(Duration lately, String self);

    /** What others told, and is still of use. */
    List<ToldDecisions> heard();

    /**
     * Learns what another one decided.
     *
     * @return how many decisions were new and are remembered now
     * @throws IllegalArgumentException for what cannot be, with a sentence
     */
    int learn(ToldDecisions told);
}
