package weir.gateway.sampling;

import weir.telemetry.Counter;

/** What a shard counts in plain numbers, to be published once a step: counters that threads share cost too much a trace. */
final class Tally {
    private final SamplingMetrics metrics;
    private final long[] sampled;
    private final long[] notSampled;
    private final long[] spansSampled;
    private final long[] spansNotSampled;
    private final long[] bytesSampled;
    private final long[] bytesNotSampled;
    private final long[] nanos;
    private final long[] triggers = new long[Trigger.values().length];
    private long kept;
    private long dropped;
    private int ageTicks;
    private int ages;
    private boolean changed;

    long newTraces;
    long lateSampled;
    long lateNotSampled;

    Tally(SamplingMetrics metrics, int policies) {
        this.metrics = metrics;
        sampled = new long[policies];
        notSampled = new long[policies];
        spansSampled = new long[policies];
        spansNotSampled = new long[policies];
        bytesSampled = new long[policies];
        bytesNotSampled = new long[policies];
        nanos = new long[policies];
    }

    /** A policy's vote took so long, on one of so many traces. */
    void timed(int policy, long took, int traces) {
        nanos[policy] += took * traces;
    }

    void voted(int policy, Vote vote, TraceSummary trace) {
        if (vote == Vote.SAMPLED) {
            sampled[policy]++;
            spansSampled[policy] += trace.spans();
            bytesSampled[policy] += trace.bytes();
        } else {
            notSampled[policy]++;
            spansNotSampled[policy] += trace.spans();
            bytesNotSampled[policy] += trace.bytes();
        }
    }

    void decided(boolean keep, Trigger trigger, int age) {
        changed = true;
        triggers[trigger.ordinal()]++;
        if (keep) {
            kept++;
        } else {
            dropped++;
        }
        if (age != ageTicks) {
            publishAges();
            ageTicks = age;
        }
        ages++;
    }

    void publish() {
        if (newTraces > 0) {
            metrics.newTraces.add(newTraces);
            newTraces = 0;
        }
        if (lateSampled + lateNotSampled > 0) {
            metrics.lateSampled.add(lateSampled);
            metrics.lateNotSampled.add(lateNotSampled);
            metrics.triggers[Trigger.LATE_SPAN.ordinal()].add(lateSampled + lateNotSampled);
            lateSampled = 0;
            lateNotSampled = 0;
        }
        if (!changed) {
            return;
        }
        changed = false;
        for (int i = 0; i < sampled.length; i++) {
            metrics.executions[i].add(sampled[i] + notSampled[i]);
            metrics.executionMicros[i].add(nanos[i] / 1000);
            nanos[i] %= 1000;
        }
        publish(sampled, metrics.tracesSampled);
        publish(notSampled, metrics.tracesNotSampled);
        publish(spansSampled, metrics.spansSampled);
        publish(spansNotSampled, metrics.spansNotSampled);
        publish(bytesSampled, metrics.bytesSampled);
        publish(bytesNotSampled, metrics.bytesNotSampled);
        publish(triggers, metrics.triggers);
        metrics.keptTraces.add(kept);
        metrics.droppedTraces.add(dropped);
        kept = 0;
        dropped = 0;
        publishAges();
    }

    private void publishAges() {
        if (ages > 0) {
            metrics.removalAge.record(ageTicks * (TraceShard.TICK_NANOS / 1e9), ages);
            ages = 0;
        }
    }

    private static void publish(long[] counted, Counter[] counters) {
        for (int i = 0; i < counted.length; i++) {
            if (counted[i] != 0) {
                counters[i].add(counted[i]);
                counted[i] = 0;
            }
        }
    }
}
