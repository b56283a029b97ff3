package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionMemoryTest {
    @Test
    void verdict_latestDecisions_areKnownAndOldOnesForgotten() {
        int capacity = 10_000;
        DecisionMemory memory = new DecisionMemory(capacity);
        int total = 100_000;
        for (int i = 0; i < total; i++) {
            assertThat(memory.verdict(hash(i))).isEqualTo(DecisionMemory.UNKNOWN);
            memory.remember(hash(i), i % 512, i);
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

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000_000, Integer.MAX_VALUE - 100, -5000})
    void ticksSince_decisionInEitherGeneration_isWithin64Ticks(int decided) {
        DecisionMemory memory = new DecisionMemory(10_000);
        memory.remember(hash(1), 511, decided);
        for (int i = 2; i < 9_000; i++) {
            memory.remember(hash(i), 0, decided + i);
        }
        for (int age : new int[] {0, 63, 64, 1000, 100_000, 1_000_000}) {
            assertThat(DecisionMemory.ticksSince(memory.find(hash(1)), decided + age))
                    .isBetween(age - 63, age + 63);
            assertThat(DecisionMemory.ticksSince(memory.find(hash(8_999)), decided + 8_999 + age))
                    .isBetween(age - 63, age + 63);
        }
        assertThat(memory.verdict(hash(1))).isEqualTo(511);
    }

    private static long hash(long i) {
        return TraceHash.of(0, i, 7);
    }
}
