package weir.gateway.sampling;

import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentId;
import weir.telemetry.Counter;
import weir.telemetry.Histogram;
import weir.telemetry.Metrics;

/**
 * The instruments of one sampler: the collector's by name, kind and labels, and Weir's own. Shared by the shards, which add
 * what they counted by themselves once a step ({@link Tally}).
 */
final class SamplingMetrics {
    private static final String PREFIX = "otelcol_processor_tail_sampling_";
    private static final double[] LATENCY_MS = {
        1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 3000, 4000, 5000, 10000, 20000, 30000,
        50000
    };
    private static final double[] AGE_SECONDS = {0.1, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 25, 30, 45, 60, 90, 120, 300};
    private static final double[] LATE_SECONDS = {
        0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000
    };

    final Counter[] tracesSampled;
    final Counter[] tracesNotSampled;
    final Counter[] spansSampled;
    final Counter[] spansNotSampled;
    final Counter[] bytesSampled;
    final Counter[] bytesNotSampled;
    final Counter[] executions;
    final Counter[] executionMicros;
    final Counter keptTraces;
    final Counter droppedTraces;
    final Counter newTraces;
    final Counter lateSampled;
    final Counter lateNotSampled;
    final Counter tooLarge;
    final Counter failures;
    final Counter retries;
    final Counter movedTraces;
    final Counter[] triggers;
    final Histogram decisionMillis;
    final Histogram removalAge;
    final Histogram lateAge;

    SamplingMetrics(ComponentContext context, PolicySet policies) {
        Metrics metrics = context.metrics();
        int n = policies.size();
        tracesSampled = new Counter[n];
        tracesNotSampled = new Counter[n];
        spansSampled = new Counter[n];
        spansNotSampled = new Counter[n];
        bytesSampled = new Counter[n];
        bytesNotSampled = new Counter[n];
        executions = new Counter[n];
        executionMicros = new Counter[n];
        for (int i = 0; i < n; i++) {
            String policy = label(context.id(), policies.name(i));
            String traces = "Traces that a policy would keep or not";
            tracesSampled[i] = perPolicy(metrics, "count_traces_sampled", traces, policy, true);
            tracesNotSampled[i] = perPolicy(metrics, "count_traces_sampled", traces, policy, false);
            String spans = "Spans of the traces that a policy would keep or not";
            spansSampled[i] = perPolicy(metrics, "count_spans_sampled", spans, policy, true);
            spansNotSampled[i] = perPolicy(metrics, "count_spans_sampled", spans, policy, false);
            String bytes = "Bytes of the traces that a policy would keep or not";
            bytesSampled[i] = perPolicy(metrics, "count_bytes_sampled", bytes, policy, true);
            bytesNotSampled[i] = perPolicy(metrics, "count_bytes_sampled", bytes, policy, false);
            executions[i] = metrics.counter(
                    PREFIX + "sampling_policy_execution_count", "Evaluations of a policy", "policy", policy);
            executionMicros[i] = metrics.counter(
                    PREFIX + "sampling_policy_execution_time_sum",
                    "Microseconds spent in a policy, extrapolated from one trace in 64",
                    "policy",
                    policy);
        }
        String global = "Traces that were kept or dropped";
        keptTraces = metrics.counter(
                PREFIX + "global_count_traces_sampled", global, "sampled", "true", "decision", "sampled");
        droppedTraces = metrics.counter(
                PREFIX + "global_count_traces_sampled", global, "sampled", "false", "decision", "not_sampled");
        newTraces = metrics.counter(PREFIX + "new_trace_id_received", "Traces that began");
        String late = "Spans that came after their trace was decided";
        lateSampled = metrics.counter(PREFIX + "early_releases_from_cache_decision", late, "sampled", "true");
        lateNotSampled = metrics.counter(PREFIX + "early_releases_from_cache_decision", late, "sampled", "false");
        tooLarge = metrics.counter(
                PREFIX + "traces_dropped_too_large", "Traces dropped because they reached maximum_trace_size_bytes");
        // Weir drops no trace before it was decided; the series is there for the alerts that look at it.
        metrics.counter(PREFIX + "sampling_trace_dropped_too_early", "Traces dropped undecided: always 0", () -> 0);
        decisionMillis = metrics.histogram(
                PREFIX + "sampling_decision_timer_latency", "Milliseconds a round of decisions took", LATENCY_MS);
        removalAge = metrics.histogram(
                PREFIX + "sampling_trace_removal_age",
                "Seconds from a trace's first span to its decision",
                AGE_SECONDS);
        lateAge = metrics.histogram(
                PREFIX + "sampling_late_span_age",
                "Whole seconds from a trace's decision to spans of it that came late, counted once a request",
                LATE_SECONDS);
        String id = context.id().toString();
        failures = metrics.counter("weir_sampling_failures", "Failures of a shard that were survived", "component", id);
        retries = metrics.counter(
                "weir_sampling_output_retries",
                "Kept batches that the next component did not take at once",
                "component",
                id);
        movedTraces = metrics.counter(
                "weir_sampling_moved_traces", "Undecided traces copied forward to free a segment", "component", id);
        triggers = new Counter[Trigger.values().length];
        for (Trigger trigger : Trigger.values()) {
            triggers[trigger.ordinal()] = metrics.counter(
                    "weir_sampling_decisions",
                    "Traces decided, and late spans passed on or dropped, by what made it happen",
                    "component",
                    id,
                    "trigger",
                    trigger.label());
        }
    }

    /** As the collector has it: the policy's name, after the instance's name if that has one. */
    private static String label(ComponentId id, String policy) {
        return id.name().isEmpty() ? policy : id.name() + "." + policy;
    }

    private static Counter perPolicy(Metrics metrics, String name, String help, String policy, boolean sampled) {
        return metrics.counter(
                PREFIX + name,
                help,
                "policy",
                policy,
                "sampled",
                Boolean.toString(sampled),
                "decision",
                sampled ? "sampled" : "not_sampled");
    }
}
