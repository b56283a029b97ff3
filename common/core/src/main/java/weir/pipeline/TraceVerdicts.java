package weir.pipeline;

import java.util.Arrays;
import java.util.List;

/** A sampler that tells what it decided about traces lately. Safe for use by any thread. */
public interface TraceVerdicts {
    /** What became of a trace. */
    enum Verdict {
        KEPT,
        DROPPED,
        /** It is not decided yet, or was not decided here, or too long ago. */
        UNKNOWN
    }

    /**
     * What became of some traces; may wait some milliseconds for decisions that are being made.
     *
     * @param traceIds of each trace two numbers: the first and the second half of its id
     * @return one for each trace
     */
    Verdict[] verdicts(long[] traceIds);

    /** What any of these knows; a trace that several decided was kept if one of them kept it. */
    static TraceVerdicts of(List<TraceVerdicts> samplers) {
        return traceIds -> {
            Verdict[] all = new Verdict[traceIds.length / 2];
            Arrays.fill(all, Verdict.UNKNOWN);
            for (TraceVerdicts sampler : samplers) {
                Verdict[] its = sampler.verdicts(traceIds);
                for (int i = 0; i < all.length; i++) {
                    // The order of the constants is that of their weight.
                    all[i] = its[i].compareTo(all[i]) < 0 ? its[i] : all[i];
                }
            }
            return all;
        };
    }
}
