package weir.gateway.sampling;

import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentId;
import weir.telemetry.Counter;
import weir.telemetry.Metrics;

/** The instruments of the policies of one set, in the order in which they are asked; shared by the shards. */
final class PolicyMetrics {
    final Counter[] tracesSampled;
    final Counter[] tracesNotSampled;
    final Counter[] spansSampled;
    final Counter[] spansNotSampled;
    final Counter[] bytesSampled;
    final Counter[] bytesNotSampled;
    final Counter[] executions;
    final Counter[] executionMicros;
    final Counter evaluationErrors;
    final Counter conditionErrors;

    /** @param prefix of the names: of the collector's, or others that are named alike */
    PolicyMetrics(ComponentContext context, PolicySet policies, String prefix) {
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
        evaluationErrors = metrics.counter(
                prefix + "sampling_policy_evaluation_error",
                "Traces about which a policy could not vote, because a condition of it could not be evaluated");
        conditionErrors = metrics.counter(
                "weir_sampling_condition_errors",
                "OTTL conditions that could not be evaluated for a span or span event, whatever their error_mode",
                "component",
                context.id().toString());
        for (int i = 0; i < n; i++) {
            String policy = label(context.id(), policies.name(i));
            String yes = policies.drops(i) ? "dropped" : "sampled";
            String traces = "Traces that a policy would keep, or have dropped, or not";
            tracesSampled[i] = perPolicy(metrics, prefix + "count_traces_sampled", traces, policy, yes);
            tracesNotSampled[i] = perPolicy(metrics, prefix + "count_traces_sampled", traces, policy, "not_sampled");
            String spans = "Spans of the traces that a policy would keep, or have dropped, or not";
            spansSampled[i] = perPolicy(metrics, prefix + "count_spans_sampled", spans, policy, yes);
            spansNotSampled[i] = perPolicy(metrics, prefix + "count_spans_sampled", spans, policy, "not_sampled");
            String bytes = "Bytes of the traces that a policy would keep, or have dropped, or not";
            bytesSampled[i] = perPolicy(metrics, prefix + "count_bytes_sampled", bytes, policy, yes);
            bytesNotSampled[i] = perPolicy(metrics, prefix + "count_bytes_sampled", bytes, policy, "not_sampled");
            executions[i] = metrics.counter(
                    prefix + "sampling_policy_execution_count", "Evaluations of a policy", "policy", policy);
            executionMicros[i] = metrics.counter(
                    prefix + "sampling_policy_execution_time_sum",
                    "Microseconds spent in a policy, extrapolated from one trace in 64",
                    "policy",
                    policy);
        }
    }

    /** As the collector has it: the policy's name, after the instance's name if that has one. */
    private static String label(ComponentId id, String policy) {
        return id.name().isEmpty() ? policy : id.name() + "." + policy;
    }

    private static Counter perPolicy(Metrics metrics, String name, String help, String policy, String decision) {
        return metrics.counter(
                name,
                help,
                "policy",
                policy,
                "sampled",
                Boolean.toString(decision.equals("sampled")),
                "decision",
                decision);
    }
}
