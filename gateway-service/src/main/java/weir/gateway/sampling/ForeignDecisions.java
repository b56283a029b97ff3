package weir.gateway.sampling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.pipeline.ComponentContext;
import weir.pipeline.ToldDecisions;
import weir.telemetry.Counter;

/**
 * What the samplers of other gateways told of their decisions, for traces of which spans come here now: bounded, the oldest
 * goes first, and all of it after a time. Any thread may look, without a lock; who tells waits for others who do.
 */
final class ForeignDecisions {
    private enum Forgotten {
        /** The time was over. */
        EXPIRED,
        /** There was no room beside what was told later. */
        MEMORY,
        /** More was told at once than there is room for. */
        TOO_MANY;

        private final String label = name().toLowerCase(Locale.ROOT);
    }

    /** What is known of one trace. */
    record Known(boolean kept, String policy, String gateway) {}

    private final Timer timer;
    private final long maxBytes;
    private final Duration keptFor;
    private final Counter heard;
    private final Counter[] forgotten = new Counter[Forgotten.values().length];

    private final ReentrantLock telling = new ReentrantLock();
    /** The oldest first. */
    private volatile List<ForeignMemory> memories = List.of();

    /**
     * @param maxBytes that it may take
     * @param keptFor how long what was told is of use
     */
    ForeignDecisions(ComponentContext context, long maxBytes, Duration keptFor) {
        this.timer = context.timer();
        this.maxBytes = maxBytes;
        this.keptFor = keptFor;
        String id = context.id().toString();
        var metrics = context.metrics();
        heard = metrics.counter(
                "weir_sampling_heard_decisions", "Decisions that other gateways told and were new", "component", id);
        for (Forgotten why : Forgotten.values()) {
            forgotten[why.ordinal()] = metrics.counter(
                    "weir_sampling_forgotten_heard_decisions",
                    "Decisions that other gateways told and that are not remembered any more",
                    "component",
                    id,
                    "reason",
                    why.label);
        }
        metrics.gauge(
                "weir_sampling_heard_bytes",
                "What the decisions take that other gateways told",
                this::bytes,
                "component",
                id);
    }

    static ForeignDecisions of(ComponentContext context, TailSamplingConfig.WeirConfig config) {
        return new ForeignDecisions(context, (long) config.toldDecisionsMib() << 20, config.toldDecisionsFor());
    }

    /** For how long what was told is of use. */
    Duration keptFor() {
        return keptFor;
    }

    /** Remembers what was told; how much of it was new. @throws IllegalArgumentException for what cannot be */
    int learn(ToldDecisions told) {
        ForeignMemory.check(told);
        Duration left = keptFor.minus(told.known());
        if (told.words().length == 0 || left.isNegative()) {
            return 0;
        }
        telling.lock();
        try {
            long now = timer.nanoTime();
            expire(now);
            return add(told, now, now + left.toNanos());
        } finally {
            telling.unlock();
        }
    }

    private int add(ToldDecisions told, long now, long untilNanos) {
        List<ForeignMemory> all = new ArrayList<>(memories);
        ForeignMemory memory = open(all, told, now);
        if (memory == null) {
            memory = new ForeignMemory(told, untilNanos);
            all.add(memory);
        }
        while (bytes(all) - memory.bytes() + memory.bytesWith(told.words().length) > maxBytes) {
            ForeignMemory oldest = all.getFirst();
            if (oldest.equals(memory)) {
                forgotten[Forgotten.TOO_MANY.ordinal()].add(told.words().length);
                return 0;
            }
            forgotten[Forgotten.MEMORY.ordinal()].add(oldest.size());
            all.removeFirst();
        }
        int added = memory.add(told.words());
        heard.add(added);
        memories = List.copyOf(all);
        return added;
    }

    /** Where to add what was told: what comes in one go is forgotten in one go, and nothing of it much too early. */
    private @Nullable ForeignMemory open(List<ForeignMemory> all, ToldDecisions told, long now) {
        long ends = now + keptFor.minus(told.known()).toNanos();
        for (ForeignMemory memory : all) {
            if (memory.isOf(told) && ends - memory.untilNanos() <= keptFor.toNanos() / 8) {
                return memory;
            }
        }
        return null;
    }

    private void expire(long now) {
        List<ForeignMemory> still = new ArrayList<>();
        for (ForeignMemory memory : memories) {
            if (memory.untilNanos() - now > 0) {
                still.add(memory);
            } else {
                forgotten[Forgotten.EXPIRED.ordinal()].add(memory.size());
            }
        }
        if (still.size() < memories.size()) {
            memories = List.copyOf(still);
        }
    }

    /** Whether there is anything to look at: cheap. */
    boolean isEmpty() {
        return memories.isEmpty();
    }

    /** What others decided about a trace; null if nothing is known. What was told last counts. */
    @Nullable
    Known find(long idHigh, long idLow) {
        List<ForeignMemory> all = memories;
        for (int i = all.size() - 1; i >= 0; i--) {
            ForeignMemory memory = all.get(i);
            long word = memory.find(idHigh, idLow);
            if (word != 0 && memory.untilNanos() - timer.nanoTime() > 0) {
                return new Known(ForeignMemory.isKept(word), memory.policy(word), memory.gateway());
            }
        }
        return null;
    }

    /** All that is of use, to be passed on. */
    List<ToldDecisions> heard(String sampler) {
        telling.lock();
        try {
            long now = timer.nanoTime();
            expire(now);
            return memories.stream()
                    .map(m -> m.told(sampler, keptFor.minusNanos(m.untilNanos() - now)))
                    .toList();
        } finally {
            telling.unlock();
        }
    }

    private long bytes() {
        if (telling.tryLock()) {
            try {
                expire(timer.nanoTime());
            } finally {
                telling.unlock();
            }
        }
        return bytes(memories);
    }

    private static long bytes(List<ForeignMemory> all) {
        long bytes = 0;
        for (ForeignMemory memory : all) {
            bytes += memory.bytes();
        }
        return bytes;
    }
}
