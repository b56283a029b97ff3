package weir.processor.probabilistic;

import weir.config.Checked;
import weir.config.Option;
import weir.tracestate.Thresholds;

/** The options of {@code probabilistic_sampler}, the collector's. */
public record ProbabilisticSamplerConfig(
        @Option(doc = "The share that is kept, in percent; 100 and more: all.")
        double samplingPercentage,

        @Option(
                doc = "hash_seed: by a hash of the trace id, in 16384 steps, whatever was decided before."
                        + " equalizing: by OpenTelemetry's thresholds, so that all that comes out was kept with"
                        + " the same probability. proportional: likewise, the configured share of what comes in.",
                fallback = "hash_seed")
        Mode mode,

        @Option(
                doc = "For hash_seed: samplers one after the other need different seeds, those beside each other the"
                        + " same. From 0 to 4294967295.",
                fallback = "0")
        long hashSeed,

        @Option(
                doc = "Whether items are dropped that cannot be decided about: without trace id, or with"
                        + " contradictions in what they say of former decisions. false: they are kept.",
                fallback = "true")
        boolean failClosed,

        @Option(
                doc = "For equalizing and proportional: to how many hexadecimal digits thresholds are rounded, from"
                        + " 1 to 14.",
                fallback = "4")
        int samplingPrecision,

        @Option(
                doc = "Of log records, for hash_seed: traceID: decided by the trace id. record: by from_attribute"
                        + " only.",
                fallback = "traceID")
        String attributeSource,

        @Option(doc = "Of log records, for hash_seed: the attribute that decides about what has no trace id.")
        String fromAttribute,

        @Option(
                doc = "Of log records: the attribute that gives the share that is kept of such records, in percent,"
                        + " instead of sampling_percentage.")
        String samplingPriority)
        implements Checked {
    static final String TRACE_ID = "traceID";
    private static final String RECORD = "record";

    /** What decides about an item. */
    public enum Mode {
        HASH_SEED,
        PROPORTIONAL,
        EQUALIZING
    }

    @Override
    public void check(Complaints complaints) {
        if (!(samplingPercentage >= 0) || Double.isInfinite(samplingPercentage)) {
            complaints.error("sampling_percentage", "must be 0 or more");
        } else if (samplingPercentage > 0 && samplingPercentage / 100 < Thresholds.LEAST) {
            complaints.error("sampling_percentage", "is less than can be told apart from 0: 2^-56");
        }
        if (hashSeed < 0 || hashSeed > 0xffff_ffffL) {
            complaints.error("hash_seed", "must be from 0 to 4294967295");
        }
        if (samplingPrecision < 1 || samplingPrecision > Thresholds.DIGITS) {
            complaints.error("sampling_precision", "must be from 1 to " + Thresholds.DIGITS);
        }
        if (!attributeSource.equals(TRACE_ID) && !attributeSource.equals(RECORD)) {
            complaints.error("attribute_source", "must be traceID or record");
        } else if (attributeSource.equals(RECORD) && fromAttribute.isEmpty()) {
            complaints.warning(
                    "attribute_source", "record needs from_attribute; without it nothing can be decided about");
        }
        if (mode != Mode.HASH_SEED) {
            if (hashSeed != 0) {
                complaints.warning("hash_seed", "has no effect in this mode");
            }
            if (!fromAttribute.isEmpty()) {
                complaints.warning("from_attribute", "has no effect in this mode");
            }
        }
    }
}
