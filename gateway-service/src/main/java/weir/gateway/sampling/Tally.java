package weir.gateway.sampling;

import weir.telemetry.Counter;

/** What a shard counts in plain numbers, to be published once a step: counters that threads share cost too much a trace. */
final class Tally {
    private static final int TICKS_A_SECOND = (int) (1_000_000_000 / TraceShard.TICK_NANOS);

    private final SamplingMetrics metrics;
    private final long[] triggers = new long[Trigger.values().length];
    private long kept;
    private long notSampled;
    private long dropped;
    private int ageTicks;
    private int ages;
    private int lateSeconds;
    private int lates;
    private boolean changed;

    long newTraces;
    long lateSampled;
    long lateNotSampled;
    long clampedDurations;

    Tally(SamplingMetrics metrics) {
        this.metrics = metrics;
    }

    /** @param decision of {@link PolicySet#decide} */
    void decided(int decision, Trigger trigger, int age) {
        changed = true;
        triggers[trigger.ordinal()]++;
        if (decision > PolicySet.NONE) {
            kept++;
        } else if (decision == PolicySet.NONE) {
            notSampled++;
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
        publish(triggers, metrics.triggers);
        metrics.keptTraces.add(kept);
        metrics.notSampledTraces.add(notSampled);
        metrics.droppedTraces.add(dropped);
        metrics.clampedDurations.add(clampedDurations);
        clampedDurations = 0;
        kept = 0;
        notSampled = 0;
        dropped = 0;
        publishAges();
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
