package weir.gateway.sampling;

import weir.pipeline.ComponentContext;
import weir.telemetry.Counter;
import weir.telemetry.Histogram;
import weir.telemetry.Metrics;

/**
 * The instruments of one sampler: the collector's by name, kind and labels, and Weir's own. Shared by the shards, which add
 * what they counted by themselves once a step ({@link Tally}).
 */
final class SamplingMetrics {
    static final String PREFIX = "otelcol_processor_tail_sampling_";
    private static final double[] LATENCY_MS = {
        1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 3000, 4000, 5000, 10000, 20000, 30000,
        50000
    };
    private static final double[] AGE_SECONDS = {0.1, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 25, 30, 45, 60, 90, 120, 300};
    private static final double[] LATE_SECONDS = {
        0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000
    };

    final Counter keptTraces;
    final Counter notSampledTraces;
    final Counter droppedTraces;
    final Counter newTraces;
    final Counter lateSampled;
    final Counter lateNotSampled;
    final Counter tooLarge;
    final Counter failures;
    final Counter retries;
    final Counter movedTraces;
    final Counter handedOverTraces;
    final Counter handedOverSpans;
    final Counter takenBackSpans;
    final Counter unnotedDecisions;
    final Counter overwritten;
    final Counter clampedDurations;
    final Counter[] triggers;
    final Histogram decisionMillis;
    final Histogram removalAge;
    final Histogram lateAge;

    SamplingMetrics(ComponentContext context) {
        Metrics metrics = context.metrics();
        String global = "Traces that were kept or dropped";
        keptTraces = metrics.counter(
                PREFIX + "global_count_traces_sampled", global, "sampled", "true", "decision", "sampled");
        notSampledTraces = metrics.counter(
                PREFIX + "global_count_traces_sampled", global, "sampled", "false", "decision", "not_sampled");
        droppedTraces = metrics.counter(
                PREFIX + "global_count_traces_sampled", global, "sampled", "false", "decision", "dropped");
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
        handedOverTraces = metrics.counter(
                "weir_sampling_handed_over_traces",
                "Undecided traces given to gateways that own them since the members changed",
                "component",
                id);
        handedOverSpans = metrics.counter(
                "weir_sampling_handed_over_spans",
                "Spans of undecided traces given to gateways that own them since the members changed",
                "component",
                id);
        takenBackSpans = metrics.counter(
                "weir_sampling_taken_back_spans",
                "Spans that were to be given to another gateway and are held undecided here again, because the members"
                        + " changed once more, it will never take them, or this one stops",
                "component",
                id);
        unnotedDecisions = metrics.counter(
                "weir_sampling_unnoted_decisions",
                "Decisions that the journal had no room for: after a crash such a trace is decided anew",
                "component",
                id);
        overwritten = metrics.counter(
                "weir_sampling_explained_overwritten",
                "Decisions that cannot be explained any more, because weir.explained_mib is used up by later ones",
                "component",
                id);
        clampedDurations = metrics.counter(
                "weir_sampling_clamped_durations",
                "Traces decided whose latest end lies before their earliest start: shown as 0, and slow for no policy",
                "component",
                id);
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
}
