package weir.processor.probabilistic;

import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.telemetry.Counter;

/** Counts items by what decided about them. Safe for use by any thread. */
final class Policies {
    /** What decided. */
    enum Name {
        TRACE_ID_HASH("trace_id_hash"),
        TRACE_ID_W3C("trace_id_w3c"),
        SAMPLING_RANDOMNESS("sampling_randomness"),
        SAMPLING_PRIORITY("sampling_priority"),
        MISSING_RANDOMNESS("missing_randomness"),
        /** The attribute that {@code from_attribute} names. */
        ATTRIBUTE("");

        private final String label;

        Name(String label) {
            this.label = label;
        }
    }

    private final Counter[] kept = new Counter[Name.values().length];
    private final Counter[] dropped = new Counter[Name.values().length];

    Policies(ComponentContext context, String attribute) {
        boolean logs = context.theSignal() == Signal.LOGS;
        String metric = "otelcol_processor_probabilistic_sampler_count_" + (logs ? "logs" : "traces") + "_sampled";
        String help = (logs ? "Log records" : "Spans") + " by what decided about them, and whether they were kept";
        for (Name name : Name.values()) {
            String label = name == Name.ATTRIBUTE ? attribute : name.label;
            kept[name.ordinal()] = counter(context, metric, help, label, "true");
            dropped[name.ordinal()] = counter(context, metric, help, label, "false");
        }
    }

    private static Counter counter(ComponentContext context, String name, String help, String policy, String sampled) {
        return context.metrics()
                .counter(
                        name,
                        help,
                        "policy",
                        policy,
                        "sampled",
                        sampled,
                        "component",
                        context.id().toString());
    }

    void count(Name policy, boolean isKept) {
        (isKept ? kept : dropped)[policy.ordinal()].increment();
    }
}
