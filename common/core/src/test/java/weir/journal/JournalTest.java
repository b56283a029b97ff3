package weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static weir.journal.Records.append;
import static weir.journal.Records.name;
import static weir.journal.Records.names;
import static weir.journal.Records.open;
import static weir.journal.Records.options;
import static weir.journal.Records.payload;
import static weir.journal.Records.replay;
import static weir.journal.Records.work;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import weir.testing.Waiting;

class JournalTest {
    private final FakeVolume volume = new FakeVolume();

    @Test
    void replay_afterCrash_handsOutWhatWasWritten() throws IOException {
        Journal journal = open(volume);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            names.add(name(i, i * 7 % 300));
            append(journal, payload(i, i * 7 % 300));
            work(journal);
        }

        Journal after = open(volume.copy());

        assertThat(names(after)).containsExactlyElementsOf(names);
        assertThat(after.recoveredRecords()).isEqualTo(100);
        assertThat(after.damagedPlaces()).isZero();
    }

    @Test
    void replay_recordOfTwoSlices_isOneWithItsType() throws IOException {
        Journal journal = open(volume);
        long id = journal.append(7, new byte[] {1, 2, 3}, 2, new byte[] {9, 4, 5, 9}, 1, 2, null);
        work(journal);

        List<Object> seen = new ArrayList<>();
        open(volume.copy()).replay((i, type, bytes, offset, length) -> {
            seen.add(i);
            seen.add(type);
            for (int k = 0; k < length; k++) {
                seen.add(bytes[offset + k]);
            }
        });

        assertThat(seen).containsExactly(id, 7, (byte) 1, (byte) 2, (byte) 4, (byte) 5);
    }

    @Test
    void replay_afterRelease_leavesThemOut() throws IOException {
        Journal journal = open(volume);
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ids.add(append(journal, payload(i, 100)));
            work(journal);
        }
        for (int i = 0; i < 50; i += 2) {
            journal.release(ids.get(i));
        }
        work(journal);

        List<Long> odd = new ArrayList<>();
        for (int i = 1; i < 50; i += 2) {
            odd.add(ids.get(i));
        }
        assertThat(replay(open(volume.copy())).keySet()).containsExactlyElementsOf(odd);
        assertThat(journal.heldRecords()).isEqualTo(25);
    }

    @Test
    void releaseBefore_thenReplay_beginsThere() throws IOException {
        Journal journal = open(volume);
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            ids.add(append(journal, payload(i, 100)));
            work(journal);
        }
        int files = volume.files.size();
        journal.releaseBefore(ids.get(150));
        work(journal);

        assertThat(journal.heldRecords()).isEqualTo(50);
        assertThat(volume.files).hasSizeLessThan(files);
        assertThat(replay(open(volume.copy())).keySet()).containsExactlyElementsOf(ids.subList(150, 200));
    }

    @Test
    void release_twiceOrUnknown_isNothing() throws IOException {
        Journal journal = open(volume);
        long kept = append(journal, payload(1, 10));
        long gone = append(journal, payload(2, 10));
        journal.release(gone);
        journal.release(gone);
        journal.release(gone + 8);
        journal.release(77L << 32);
        work(journal);

        assertThat(replay(open(volume.copy())).keySet()).containsExactly(kept);
    }

    @Test
    void append_andReleaseForLong_usesFewFilesAgain() throws IOException {
        Journal journal = open(volume);
        for (int i = 0; i < 2000; i++) {
            long id = append(journal, payload(i, 200));
            assertThat(id).isPositive();
            work(journal);
            if (i < 1990) {
                journal.release(id);
            }
        }
        work(journal);

        assertThat(volume.files).hasSizeLessThan(8);
        assertThat(names(open(volume.copy()))).hasSize(10).first().isEqualTo(name(1990, 200));
    }

    @Test
    void append_beyondTheBound_isRefusedUntilSomeAreReleased() throws IOException {
        Journal journal = open(volume, 6);
        List<Long> ids = new ArrayList<>();
        long id = append(journal, payload(0, 1000));
        for (int i = 1; id >= 0; i++) {
            ids.add(id);
            work(journal);
            id = append(journal, payload(i, 1000));
        }

        assertThat(id).isEqualTo(Journal.FULL);
        assertThat(ids).hasSize(5 * 3);
        assertThat(journal.bytes()).isLessThanOrEqualTo(6 * Records.SEGMENT);
        assertThat(journal.counts().refusedFull.sum()).isEqualTo(1);

        ids.subList(0, 6).forEach(journal::release);
        work(journal);
        assertThat(append(journal, payload(99, 1000))).isPositive();
        work(journal);
        assertThat(names(open(volume.copy(), 6))).hasSize(10).last().isEqualTo(name(99, 1000));
    }

    @Test
    void append_fullDisk_isRefusedAndGoesOnWithSpace() throws IOException {
        volume.capacity = 5 * Records.SEGMENT;
        Journal journal = open(volume);
        long id = append(journal, payload(0, 1000));
        int taken = 0;
        for (; id >= 0; taken++) {
            work(journal);
            id = append(journal, payload(taken + 1, 1000));
        }

        assertThat(id).isEqualTo(Journal.FULL);
        assertThat(journal.trouble()).contains("no space left", "memory");
        assertThat(taken).isEqualTo(4 * 3);

        volume.capacity = 50 * Records.SEGMENT;
        Waiting.until(() -> {
            work(journal);
            return append(journal, payload(1000, 1000)) >= 0;
        });
        work(journal);
        assertThat(journal.trouble()).isEmpty();
        assertThat(names(open(volume.copy()))).hasSize(taken + 1);
    }

    @Test
    void release_fullDisk_makesRoom() throws IOException {
        volume.capacity = 5 * Records.SEGMENT;
        Journal journal = open(volume);
        List<Long> ids = new ArrayList<>();
        for (long id = append(journal, payload(0, 500)); id >= 0; id = append(journal, payload(0, 500))) {
            ids.add(id);
            work(journal);
        }
        ids.forEach(journal::release);
        work(journal);

        assertThat(append(journal, payload(1, 500))).isPositive();
        work(journal);
        assertThat(names(open(volume.copy()))).containsExactly(name(1, 500));
    }

    @Test
    void append_brokenDisk_saysSoAndGoesOnElsewhere() throws IOException {
        Journal journal = open(volume);
        List<Boolean> told = new ArrayList<>();
        byte[] payload = payload(1, 100);
        journal.append(1, payload, 0, 100, (_, safe) -> told.add(safe));
        work(journal);
        volume.broken = true;
        journal.append(1, payload, 0, 100, (_, safe) -> told.add(safe));
        work(journal);
        volume.broken = false;
        journal.append(1, payload, 0, 100, (_, safe) -> told.add(safe));
        work(journal);

        assertThat(told).containsExactly(true, false, true);
        assertThat(journal.heldRecords()).isEqualTo(2);
        assertThat(journal.trouble()).isEmpty();
        assertThat(names(open(volume.copy()))).hasSize(2);
    }

    @Test
    void append_behindOneThatFails_failsWithIt() throws IOException {
        Journal journal = open(volume);
        List<String> told = new ArrayList<>();
        byte[] payload = payload(1, 100);
        volume.broken = true;
        volume.meanwhile = () -> {
            volume.broken = false;
            journal.append(1, payload, 0, 100, (_, safe) -> told.add("second " + safe));
        };
        journal.append(1, payload, 0, 100, (_, safe) -> told.add("first " + safe));
        work(journal);
        journal.append(1, payload, 0, 100, (_, safe) -> told.add("third " + safe));
        work(journal);

        assertThat(told).containsExactly("first false", "second false", "third true");
        assertThat(journal.heldRecords()).isEqualTo(1);
        assertThat(replay(open(volume.copy()))).hasSize(1);
    }

    @Test
    void append_fewLongLived_areCopiedForwardUnderTheirIds() throws IOException {
        Journal journal = open(volume);
        List<Long> longLived = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            long id = append(journal, payload(i, 200));
            work(journal);
            if (i % 1000 == 0) {
                longLived.add(id);
            } else {
                journal.release(id);
            }
        }
        work(journal);

        assertThat(journal.counts().moved.sum()).isGreaterThan(10);
        assertThat(volume.files).hasSizeLessThan(10);
        assertThat(journal.read(longLived.get(1))).isEqualTo(payload(1000, 200));
        Journal after = open(volume.copy());
        assertThat(replay(after)).hasSize(3).containsOnlyKeys(longLived);
        assertThat(replay(after).get(longLived.getFirst())).isEqualTo(payload(0, 200));

        journal.release(longLived.getFirst());
        work(journal);
        assertThat(replay(open(volume.copy()))).containsOnlyKeys(longLived.subList(1, 3));
    }

    @Test
    void replay_whileItsReaderAppends_handsOutEachRecordOnceAndNothingNew() throws IOException {
        Journal before = open(volume);
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            ids.add(append(before, payload(i, 200)));
            work(before);
        }
        for (int i = 0; i < 400; i++) {
            if (i % 20 != 0) {
                before.release(ids.get(i));
            }
        }
        before.step();
        Journal journal = open(volume.copy());
        work(journal);
        List<Long> handed = new ArrayList<>();
        journal.replay((id, _, _, _, _) -> {
            handed.add(id);
            append(journal, payload(id, 100));
            work(journal);
        });

        assertThat(handed).hasSize(20).doesNotHaveDuplicates().isSubsetOf(ids);
    }

    @Test
    void append_largerThanASegment_getsAFileOfItsOwn() throws IOException {
        Journal journal = open(volume);
        append(journal, payload(0, 10));
        byte[] large = payload(1, 3 * Records.SEGMENT + 100);
        assertThat(append(journal, large)).isEqualTo(Journal.BUSY);
        work(journal);
        long id = append(journal, large);
        append(journal, payload(2, 10));
        work(journal);

        assertThat(names(open(volume.copy()))).containsExactly(name(0, 10), name(large), name(2, 10));
        long before = journal.bytes();
        journal.release(id);
        replay(journal).keySet().forEach(journal::release);
        for (int i = 0; i < 100; i++) {
            journal.release(append(journal, payload(i, 500)));
            work(journal);
        }
        assertThat(journal.bytes()).isLessThan(before);
        assertThat(append(journal, new byte[journal.maxRecordBytes() + 1])).isEqualTo(Journal.TOO_LARGE);
    }

    @Test
    void append_manyChunks_isOneRecord() throws IOException {
        JournalOptions options = new JournalOptions("test", 16 << 20, 2 << 20, Sync.NONE, Duration.ZERO, 4 << 20);
        Journal journal = Journal.opened(volume, options, 1);
        byte[] payload = payload(1, 1_000_003);
        for (int i = 0; i < 3; i++) {
            append(journal, payload);
            work(journal);
        }

        assertThat(names(Journal.opened(volume.copy(), options, 2)))
                .containsExactly(name(payload), name(payload), name(payload));
    }

    @Test
    void append_moreThanMayWait_isRefused() throws IOException {
        JournalOptions options = new JournalOptions("test", 1 << 20, 1 << 16, Sync.NONE, Duration.ZERO, 4096);
        Journal journal = Journal.opened(volume, options, 1);
        assertThat(append(journal, new byte[8000])).isPositive();
        assertThat(append(journal, new byte[8])).isEqualTo(Journal.BUSY);
        work(journal);
        assertThat(append(journal, new byte[8])).isPositive();
    }

    @Test
    void append_syncAlways_isToldAfterOneSyncForAll() throws IOException {
        Journal journal = Journal.opened(volume, options(64, Sync.ALWAYS), 1);
        volume.events.clear();
        for (int i = 0; i < 10; i++) {
            journal.append(1, payload(i, 10), 0, 10, (_, safe) -> volume.events.add("told " + safe));
        }
        journal.step();

        assertThat(volume.events.subList(0, 2)).containsExactly("write", "force");
        assertThat(volume.events.subList(2, 12)).containsOnly("told true");
    }

    @Test
    void append_syncFails_isTakenForLost() throws IOException {
        Journal journal = Journal.opened(volume, options(64, Sync.ALWAYS), 1);
        List<Boolean> told = new ArrayList<>();
        volume.syncsFail = true;
        journal.append(1, payload(1, 10), 0, 10, (_, safe) -> told.add(safe));
        journal.step();
        volume.syncsFail = false;
        journal.append(1, payload(2, 10), 0, 10, (_, safe) -> told.add(safe));
        work(journal);

        assertThat(told).containsExactly(false, true);
        assertThat(journal.counts().syncFailures.sum()).isEqualTo(1);
    }

    @Test
    void append_syncNone_neverSyncs() throws IOException {
        Journal journal = open(volume);
        append(journal, payload(1, 10));
        work(journal);
        journal.close();

        assertThat(volume.events).doesNotContain("force");
        assertThat(volume.closed).isTrue();
    }

    @Test
    void close_thenOpen_isAsItWas() throws IOException {
        Journal journal = open(volume);
        long id = append(journal, payload(1, 10));
        journal.release(append(journal, payload(2, 10)));
        journal.close();
        journal.close();

        assertThat(append(journal, payload(3, 10))).isEqualTo(Journal.CLOSED);
        Journal after = open(volume);
        assertThat(replay(after).keySet()).containsExactly(id);
        assertThat(after.damagedPlaces()).isZero();
    }

    @Test
    void open_manyTimes_takesNoMoreRoom() throws IOException {
        Journal journal = open(volume);
        long id = append(journal, payload(1, 10));
        for (int i = 0; i < 100; i++) {
            journal.close();
            journal = open(volume);
            append(journal, payload(i, 10));
            work(journal);
            replay(journal).keySet().stream().filter(k -> k != id).forEach(journal::release);
            work(journal);
        }

        assertThat(volume.files).hasSizeLessThan(10);
        assertThat(replay(journal).keySet()).containsExactly(id);
    }

    @Test
    void open_fileOfALaterVersion_isRefused() throws IOException {
        Journal journal = open(volume);
        append(journal, payload(1, 10));
        work(journal);
        FakeVolume later = volume.copy();
        byte[] header = later.file("segment-0.journal");
        Format.putInt(header, 8, 9);
        CRC32C crc = new CRC32C();
        crc.update(header, 0, 60);
        Format.putInt(header, 60, (int) crc.getValue());

        assertThatThrownBy(() -> open(later))
                .hasMessageContaining("later version of Weir (format 9")
                .hasMessageContaining("empty the directory");
        assertThat(later.closed).isTrue();
    }
}
