package weir.gateway.sampling;

import java.util.Arrays;
import java.util.List;
import weir.telemetry.Counter;

/** What a shard counts in plain numbers, to be published once a step: counters that threads share cost too much a trace. */
final class Tally {
    private static final int TICKS_A_SECOND = (int) (1_000_000_000 / TraceShard.TICK_NANOS);

    private final SamplingMetrics metrics;
    private final long[] sampled;
    private final long[] asked;
    private final long[] spansSampled;
    private final long[] spansAsked;
    private final long[] bytesSampled;
    private final long[] bytesAsked;
    private final long[] nanos;
    private final long[] triggers = new long[Trigger.values().length];
    private final List<long[]> votes;
    private long kept;
    private long dropped;
    private int ageTicks;
    private int ages;
    private int lateSeconds;
    private int lates;
    private boolean changed;

    long newTraces;
    long lateSampled;
    long lateNotSampled;

    Tally(SamplingMetrics metrics, int policies) {
        this.metrics = metrics;
        sampled = new long[policies];
        asked = new long[policies];
        spansSampled = new long[policies];
        spansAsked = new long[policies];
        bytesSampled = new long[policies];
        bytesAsked = new long[policies];
        nanos = new long[policies];
        votes = List.of(sampled, asked, spansSampled, spansAsked, bytesSampled, bytesAsked);
    }

    /** A policy's vote took so long, on one of so many traces. */
    void timed(int policy, long took, int traces) {
        nanos[policy] += took * traces;
    }

    /** A policy would keep a trace. */
    void sampled(int policy, int spans, int bytes) {
        sampled[policy]++;
        spansSampled[policy] += spans;
        bytesSampled[policy] += bytes;
    }

    /** The first policies, so many, were asked about a trace. */
    void asked(int policies, int spans, int bytes) {
        asked[policies - 1]++;
        spansAsked[policies - 1] += spans;
        bytesAsked[policies - 1] += bytes;
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

    /** Spans of a trace came so long after its decision. */
    void late(int ticks) {
        int seconds = ticks / TICKS_A_SECOND;
        if (seconds != lateSeconds) {
            publishLate();
            lateSeconds = seconds;
        }
        lates++;
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
            publishLate();
        }
        if (!changed) {
            return;
        }
        changed = false;
        publishVotes();
        publish(triggers, metrics.triggers);
        metrics.keptTraces.add(kept);
        metrics.droppedTraces.add(dropped);
        kept = 0;
        dropped = 0;
        publishAges();
    }

    /** Who was asked last was asked after all before it; so few numbers are touched for each trace. */
    private void publishVotes() {
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
            publish(sampled[i], traces, metrics.tracesSampled[i], metrics.tracesNotSampled[i]);
            publish(spansSampled[i], spans, metrics.spansSampled[i], metrics.spansNotSampled[i]);
            publish(bytesSampled[i], bytes, metrics.bytesSampled[i], metrics.bytesNotSampled[i]);
        }
        votes.forEach(counted -> Arrays.fill(counted, 0));
    }

    private static void publish(long yes, long all, Counter sampled, Counter notSampled) {
        sampled.add(yes);
        notSampled.add(all - yes);
    }

    private void publishAges() {
        if (ages > 0) {
            metrics.removalAge.record(ageTicks * (TraceShard.TICK_NANOS / 1e9), ages);
            ages = 0;
        }
    }

    private void publishLate() {
        if (lates > 0) {
            metrics.lateAge.record(lateSeconds, lates);
            lates = 0;
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
