package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DecisionMemoryTest {
    @Test
    void verdict_latestDecisions_areKnownAndOldOnesForgotten() {
        int capacity = 10_000;
        DecisionMemory memory = new DecisionMemory(capacity);
        int total = 100_000;
        for (int i = 0; i < total; i++) {
            assertThat(memory.verdict(hash(i))).isEqualTo(DecisionMemory.UNKNOWN);
            memory.remember(hash(i), i % 512);
        }
        // Parts fill as evenly as ids hash: nine tenths are promised by the mean, the rest is luck.
        for (int i = total - capacity * 9 / 10; i < total; i++) {
            assertThat(memory.verdict(hash(i))).isEqualTo(i % 512);
        }
        long known = 0;
        for (int i = 0; i < total; i++) {
            known += memory.verdict(hash(i)) == DecisionMemory.UNKNOWN ? 0 : 1;
        }
        assertThat(known).isBetween((long) capacity, 2L * capacity + 64);
    }

    private static long hash(long i) {
        return TraceHash.of(0, i, 7);
    }
}
