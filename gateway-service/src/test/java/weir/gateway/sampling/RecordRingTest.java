package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecordRingTest {
    @Test
    void anything_inAnyOrder_isAsASortedMap() {
        SplittableRandom random = new SplittableRandom(7);
        RecordRing ring = new RecordRing();
        TreeMap<Long, Long> model = new TreeMap<>();
        long next = 0;
        for (int i = 0; i < 20_000; i++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    next += 2 + random.nextInt(10);
                    ring.add(next, i);
                    model.put(next, (long) i);
                }
                case 2 -> {
                    long late = next - 1 - random.nextInt(30);
                    if (!model.containsKey(late)) {
                        ring.add(late, i);
                        model.put(late, (long) i);
                    }
                }
                case 3 -> {
                    long id = next - random.nextInt(100);
                    ring.tag(id, -i);
                    int tag = i;
                    model.computeIfPresent(id, (_, _) -> (long) -tag);
                }
                default -> {
                    if (!model.isEmpty()) {
                        assertThat(ring.removeFirst()).isEqualTo(model.firstKey());
                        model.remove(model.firstKey());
                    }
                }
            }
            assertThat(ring.size()).isEqualTo(model.size());
        }
        int at = 0;
        for (Map.Entry<Long, Long> entry : model.entrySet()) {
            assertThat(ring.id(at)).isEqualTo(entry.getKey());
            assertThat(ring.tag(at++)).isEqualTo(entry.getValue());
        }
    }
}
