package weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.journal.Records.append;
import static weir.journal.Records.open;
import static weir.journal.Records.payload;
import static weir.journal.Records.replay;
import static weir.journal.Records.work;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a journal makes of files that are not as it left them: it hands out what is intact, all of it, and nothing else. */
class JournalDamageTest {
    private final FakeVolume volume = new FakeVolume();
    private final Map<Long, byte[]> records = new LinkedHashMap<>();

    private void fill(int n, int length) throws IOException {
        Journal journal = open(volume);
        for (int i = 0; i < n; i++) {
            byte[] payload = payload(i, length + i % 9);
            records.put(append(journal, payload), payload);
            work(journal);
        }
    }

    private static String fileOf(FakeVolume volume, long id) {
        for (Map.Entry<String, byte[]> file : volume.files.entrySet()) {
            if (file.getValue().length >= Format.HEADER
                    && Format.longAt(file.getValue(), 16) == Segment.sequenceOf(id)) {
                return file.getKey();
            }
        }
        throw new AssertionError("no file has " + id);
    }

    private static void assertSame(Map<Long, byte[]> expected, Map<Long, byte[]> found) {
        assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        found.forEach((id, payload) -> assertThat(payload).isEqualTo(expected.get(id)));
    }

    @Test
    void truncated_anywhere_handsOutWhatLiesBefore() throws IOException {
        fill(20, 40);
        String name = fileOf(volume, records.keySet().iterator().next());
        byte[] whole = volume.file(name);
        long end = records.keySet().stream().mapToLong(Segment::offsetOf).max().orElseThrow() + Format.size(48);

        for (int length = 0; length < end; length++) {
            FakeVolume cut = volume.copy();
            cut.files.put(name, Arrays.copyOf(whole, length));
            Map<Long, byte[]> before = new TreeMap<>(records);
            int limit = length;
            before.entrySet()
                    .removeIf(e -> limit < Format.HEADER
                            || Segment.offsetOf(e.getKey()) + Format.RECORD + e.getValue().length > limit);

            Journal journal = open(cut);

            assertSame(before, replay(journal));
            assertThat(journal.damagedPlaces()).as("cut at " + length).isPositive();
            byte[] more = payload(99, 30);
            assertThat(append(journal, more)).isPositive();
            work(journal);
            assertThat(replay(open(cut.copy()))).hasSize(before.size() + 1);
        }
    }

    @Test
    void flippedBit_anywhere_losesAtMostTheRecordItIsIn() throws IOException {
        fill(12, 40);
        String name = fileOf(volume, records.keySet().iterator().next());
        int end = (int)
                (records.keySet().stream().mapToLong(Segment::offsetOf).max().orElseThrow() + Format.size(48));

        for (int at = 0; at < end; at++) {
            for (int bit = 0; bit < 8; bit++) {
                FakeVolume flipped = volume.copy();
                flipped.file(name)[at] ^= (byte) (1 << bit);
                Map<Long, byte[]> intact = new TreeMap<>(records);
                int place = at;
                boolean hit = intact.entrySet()
                        .removeIf(e -> place >= Segment.offsetOf(e.getKey())
                                && place < Segment.offsetOf(e.getKey()) + Format.RECORD + e.getValue().length);

                Journal journal = open(flipped);

                assertSame(intact, replay(journal));
                if (hit) {
                    assertThat(journal.damagedPlaces()).as("flipped at " + at).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void flippedBits_atRandom_neverHandOutWhatWasNotAppended() throws IOException {
        fill(60, 200);
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 500; round++) {
            FakeVolume damaged = volume.copy();
            List<byte[]> files = new ArrayList<>(damaged.files.values());
            for (int n = random.nextInt(1, 30); n > 0; n--) {
                byte[] file = files.get(random.nextInt(files.size()));
                file[random.nextInt(file.length)] ^= (byte) (1 << random.nextInt(8));
            }

            replay(open(damaged)).forEach((id, payload) -> {
                assertThat(payload).isEqualTo(records.get(id));
            });
        }
    }

    @Test
    void missingSegment_isCounted_theOthersAreHandedOut() throws IOException {
        fill(60, 200);
        List<Long> sequences =
                records.keySet().stream().map(Segment::sequenceOf).distinct().toList();
        assertThat(sequences).hasSizeGreaterThan(3);
        for (long gone : sequences) {
            FakeVolume fewer = volume.copy();
            fewer.files.remove(fileOf(fewer, gone << 32));
            Map<Long, byte[]> left = new TreeMap<>(records);
            left.keySet().removeIf(id -> Segment.sequenceOf(id) == gone);

            Journal journal = open(fewer);

            assertSame(left, replay(journal));
            assertThat(journal.counts().missing.sum()).as("without " + gone).isEqualTo(1);
        }
    }

    @Test
    void segmentUsedAgain_powerLossBeforeItsHeader_handsOutNothingOld() throws IOException {
        Journal journal = open(volume, 6);
        for (int i = 0; i < 100; i++) {
            journal.release(append(journal, payload(i, 300)));
            work(journal);
        }
        // Another process goes on from files whose last headers were never written back, and gives their sequences
        // again.
        FakeVolume lost = volume.copy();
        long newest = lost.files.values().stream()
                .mapToLong(f -> Format.longAt(f, 16))
                .max()
                .orElseThrow();
        byte[] file = lost.file(fileOf(lost, newest << 32));
        Arrays.fill(file, 0, Format.HEADER, (byte) 0);
        Journal next = open(lost, 6);
        long id = append(next, payload(1, 10));
        work(next);

        assertThat(replay(open(lost.copy(), 6)).keySet()).containsExactly(id);
    }

    @Test
    void powerLoss_anywhere_keepsAllThatWasAcknowledged() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 200; round++) {
            FakeVolume disk = new FakeVolume();
            Map<Long, byte[]> acknowledged = new TreeMap<>();
            Map<Long, byte[]> appended = new TreeMap<>();
            List<Long> held = new ArrayList<>();
            for (int life = 0; life < 3; life++) {
                disk.powerFor = Long.MAX_VALUE;
                Journal journal = open(disk, 12);
                disk.powerFor = random.nextLong(1, 60_000);
                try {
                    live(journal, random, acknowledged, appended, held);
                } catch (FakeVolume.PowerLoss e) {
                    // Goes on with what is on the disk.
                }
                disk.powerFor = Long.MAX_VALUE;
                Map<Long, byte[]> found = replay(open(disk.copy(), 12));
                assertThat(found.keySet()).containsAll(acknowledged.keySet());
                found.forEach((id, payload) -> assertThat(payload).isEqualTo(appended.get(id)));
            }
        }
    }

    private static void live(
            Journal journal,
            SplittableRandom random,
            Map<Long, byte[]> acknowledged,
            Map<Long, byte[]> appended,
            List<Long> held) {
        for (int step = 0; step < 300; step++) {
            for (int n = random.nextInt(4); n > 0; n--) {
                byte[] payload = payload(random.nextLong(), random.nextInt(900));
                long appending = journal.append(1, payload, 0, payload.length, (id, safe) -> {
                    if (safe) {
                        acknowledged.put(id, payload);
                        held.add(id);
                    }
                });
                if (appending >= 0) {
                    appended.put(appending, payload);
                }
            }
            // Most are released soon, some late.
            while (held.size() > 12 || (!held.isEmpty() && random.nextInt(3) == 0)) {
                long id = held.remove(random.nextInt(10) == 0 ? 0 : random.nextInt(held.size()));
                acknowledged.remove(id);
                journal.release(id);
            }
            if (random.nextInt(3) > 0) {
                journal.step();
            }
        }
    }
}
