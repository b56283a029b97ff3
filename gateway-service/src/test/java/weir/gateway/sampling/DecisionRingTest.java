package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DecisionRingTest {
    private static final int POLICIES = 70;
    private static final int WORDS = 3;

    private static TraceSummary trace(TraceTable table, long id) {
        TraceSummary trace = new TraceSummary(table).at(table.add(id, id, ~id));
        for (int w = 0; w < WORDS; w++) {
            trace.meet(w, id);
        }
        return trace;
    }

    private static void add(DecisionRing ring, TraceSummary trace, long id) {
        ring.add(trace, id, Trigger.MEMORY, id, id, new long[] {id, id});
    }

    @Test
    void find_whatWasAdded_untilItGivesWay() {
        DecisionRing ring = new DecisionRing(1 << 18, POLICIES, WORDS);
        TraceTable table = new TraceTable();
        table.conditionWords(WORDS);
        int capacity = ring.capacity();
        assertThat(capacity).isEqualTo(2 * 1024);

        for (long id = 1; id <= capacity + 1; id++) {
            TraceSummary trace = trace(table, id);
            add(ring, trace, id);
            table.remove(id, trace.entry());
        }

        assertThat(ring.find(1, ~1L)).isNull();
        assertThat(ring.find(2, ~2L)).isNotNull();
        assertThat(ring.find(2, 2)).isNull();
        assertThat(ring.since()).isEqualTo(2);
        assertThat(ring.isFull()).isTrue();
    }

    @Test
    void find_whileOthersAreAdded_isWholeOrNothing() throws Exception {
        DecisionRing ring = new DecisionRing(1 << 17, POLICIES, WORDS);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            TraceTable table = new TraceTable();
            table.conditionWords(WORDS);
            for (long id = 1; !stop.get(); id++) {
                TraceSummary trace = trace(table, id);
                add(ring, trace, id);
                table.remove(id, trace.entry());
            }
        });
        int found = 0;
        int looks = 0;
        try {
            while (found < 2000 && looks++ < 5_000_000) {
                long id = ring.since();
                long[] copy = id == 0 ? null : ring.find(id, ~id);
                if (copy != null) {
                    found++;
                    assertThat(copy[DecisionRing.TIME] >>> DecisionRing.TRIGGER_BITS)
                            .isEqualTo(id);
                    assertThat(copy[DecisionRing.ASKED]).isEqualTo(id);
                    assertThat(copy[TraceTable.MATCHED]).isEqualTo(id);
                    assertThat(copy[DecisionRing.VOTES + 1]).isEqualTo(id);
                    assertThat(copy[ring.more() + 1]).isEqualTo(id);
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
        assertThat(found).isPositive();
    }
}
