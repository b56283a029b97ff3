package weir.gateway.sampling;

import java.util.Arrays;
import java.util.List;
import weir.telemetry.Counter;

/** What a shard counts of the policies of one set, in plain numbers, to be published once a step. */
final class PolicyTally {
    private final PolicyMetrics metrics;
    private final long[] sampled;
    private final long[] asked;
    private final long[] spansSampled;
    private final long[] spansAsked;
    private final long[] bytesSampled;
    private final long[] bytesAsked;
    private final long[] failed;
    private final long[] spansFailed;
    private final long[] bytesFailed;
    private final long[] nanos;
    private final List<long[]> votes;
    private boolean changed;

    PolicyTally(PolicyMetrics metrics) {
        this.metrics = metrics;
        int policies = metrics.executions.length;
        sampled = new long[policies];
        asked = new long[policies];
        spansSampled = new long[policies];
        spansAsked = new long[policies];
        bytesSampled = new long[policies];
        bytesAsked = new long[policies];
        failed = new long[policies];
        spansFailed = new long[policies];
        bytesFailed = new long[policies];
        nanos = new long[policies];
        votes = List.of(
                sampled, asked, spansSampled, spansAsked, bytesSampled, bytesAsked, failed, spansFailed, bytesFailed);
    }

    /** A policy's vote took so long, on one of so many traces. */
    void timed(int policy, long took, int traces) {
        nanos[policy] += took * traces;
    }

    /** A policy would keep a trace, or have it dropped. */
    void sampled(int policy, int spans, int bytes) {
        sampled[policy]++;
        spansSampled[policy] += spans;
        bytesSampled[policy] += bytes;
    }

    /** A policy could not tell about a trace. */
    void failed(int policy, int spans, int bytes) {
        failed[policy]++;
        spansFailed[policy] += spans;
        bytesFailed[policy] += bytes;
    }

    /** The first policies, so many, were asked about a trace. */
    void asked(int policies, int spans, int bytes) {
        changed = true;
        asked[policies - 1]++;
        spansAsked[policies - 1] += spans;
        bytesAsked[policies - 1] += bytes;
    }

    /** So many conditions could not be evaluated. */
    void conditionErrors(long n) {
        if (n > 0) {
            metrics.conditionErrors.add(n);
        }
    }

    /** Who was asked last was asked after all before it; so few numbers are touched for each trace. */
    void publish() {
        if (!changed) {
            return;
        }
        changed = false;
        long traces = 0;
        long spans = 0;
        long bytes = 0;
        for (int i = sampled.length - 1; i >= 0; i--) {
            traces += asked[i];
            spans += spansAsked[i];
            bytes += bytesAsked[i];
            metrics.executions[i].add(traces);
            metrics.executionMicros[i].add(nanos[i] / 1000);
            nanos[i] %= 1000;
            if (failed[i] > 0) {
                metrics.evaluationErrors.add(failed[i]);
            }
            publish(sampled[i], traces - failed[i], metrics.tracesSampled[i], metrics.tracesNotSampled[i]);
            publish(spansSampled[i], spans - spansFailed[i], metrics.spansSampled[i], metrics.spansNotSampled[i]);
            publish(bytesSampled[i], bytes - bytesFailed[i], metrics.bytesSampled[i], metrics.bytesNotSampled[i]);
        }
        votes.forEach(counted -> Arrays.fill(counted, 0));
    }

    private static void publish(long yes, long all, Counter sampled, Counter notSampled) {
        sampled.add(yes);
        notSampled.add(all - yes);
    }
}
