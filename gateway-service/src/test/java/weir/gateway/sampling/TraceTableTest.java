package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TraceTableTest {
    private final TraceTable table = new TraceTable();

    @Test
    void addAndRemove_atRandom_asAMap() {
        SplittableRandom random = new SplittableRandom(1);
        Map<Long, Integer> model = new HashMap<>();
        List<Long> keys = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            boolean growing = (i / 50_000) % 2 == 0;
            if (keys.isEmpty() || random.nextInt(10) < (growing ? 7 : 3)) {
                long low = random.nextLong();
                model.put(low, table.add(hash(low), 5, low));
                keys.add(low);
            } else {
                int at = random.nextInt(keys.size());
                long low = keys.set(at, keys.getLast());
                keys.removeLast();
                table.remove(hash(low), Objects.requireNonNull(model.remove(low)));
                assertThat(table.find(hash(low), 5, low)).isEqualTo(TraceTable.NONE);
            }
            if (i == 49_999) {
                assertThat(table.bytes()).isLessThan(table.size() * 100L);
            }
        }
        assertThat(table.size()).isEqualTo(model.size());
        assertThat(model)
                .allSatisfy((low, entry) ->
                        assertThat(table.find(hash(low), 5, low)).isEqualTo(entry));
    }

    @Test
    void entries_ofAllParts_areAllThereAreAndEachOnce() {
        List<Integer> added = new ArrayList<>();
        for (long low = 0; low < 10_000; low++) {
            int entry = table.add(hash(low), 5, low);
            if (low % 3 == 0) {
                table.remove(hash(low), entry);
            } else {
                added.add(entry);
            }
        }

        List<Integer> found = new ArrayList<>();
        int[] entries = {};
        for (int part = 0; part < TraceTable.PARTS; part++) {
            entries = table.entries(part, entries);
            Arrays.stream(entries, 0, table.count(part)).forEach(found::add);
        }

        assertThat(found).hasSize(table.size()).containsExactlyInAnyOrderElementsOf(added);
    }

    @Test
    void find_idsThatCollide_areToldApart() {
        int a = table.add(77, 1, 1);
        int b = table.add(77, 1, 2);
        int c = table.add(77, 2, 1);

        table.remove(77, a);

        assertThat(table.find(77, 1, 1)).isEqualTo(TraceTable.NONE);
        assertThat(table.find(77, 1, 2)).isEqualTo(b);
        assertThat(table.find(77, 2, 1)).isEqualTo(c);
    }

    @Test
    void summary_packedFields_doNotTouchEachOther() {
        table.add(1, 1, 1);
        TraceSummary trace = new TraceSummary(table).at(table.add(2, 2, 2));
        trace.newest(-5);
        trace.firstSegment(0xabcdef);
        trace.ticks(-3, -4);
        trace.add(10, 20, 1000, TraceSummary.ERROR);
        trace.add(-1, -1, 24, TraceSummary.ROOT);
        trace.meet(63);

        assertThat(trace.newest()).isEqualTo(-5);
        assertThat(trace.firstSegment()).isEqualTo(0xabcdef);
        assertThat(trace.flags()).isEqualTo(TraceSummary.ERROR | TraceSummary.ROOT);
        assertThat(trace.arrivalTick()).isEqualTo(-3);
        assertThat(trace.deadlineTick()).isEqualTo(-4);
        assertThat(trace.spans()).isEqualTo(2);
        assertThat(trace.bytes()).isEqualTo(1024);
        assertThat(trace.met(0)).isEqualTo(Long.MIN_VALUE);
        // Unsigned: the second span starts and ends at the very end of time.
        assertThat(trace.durationNanos()).isEqualTo(-1 - 10);
    }

    @Test
    void deadlines_removedAnywhere_keepTheirOrder() {
        Deadlines deadlines = new Deadlines(table);
        TraceSummary trace = new TraceSummary(table);
        ArrayDeque<Integer> model = new ArrayDeque<>();
        SplittableRandom random = new SplittableRandom(3);
        int[] due = new int[4];
        for (int i = 0; i < 5000; i++) {
            int entry = table.add(hash(i), 0, i);
            trace.at(entry).ticks(i, i + 100);
            deadlines.add(entry, false);
            model.add(entry);
            if (random.nextInt(3) == 0) {
                Integer gone = model.stream()
                        .skip(random.nextInt(model.size()))
                        .findFirst()
                        .orElseThrow();
                model.remove(gone);
                deadlines.remove(gone, false);
            }
            while (!model.isEmpty() && trace.at(model.getFirst()).deadlineTick() <= i) {
                assertThat(deadlines.due(i, due)).isPositive();
                assertThat(due[0]).isEqualTo(model.getFirst());
                deadlines.remove(model.removeFirst(), false);
            }
            assertThat(deadlines.due(i, due)).isZero();
            assertThat(deadlines.oldest()).isEqualTo(model.isEmpty() ? TraceTable.NONE : model.getFirst());
        }
    }

    private static long hash(long low) {
        return TraceHash.of(5, low, 99);
    }
}
