package weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.journal.Records.open;
import static weir.journal.Records.payload;
import static weir.journal.Records.replay;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.journal.Format.Header;

/** What a journal makes of files whose checksums are right and that say what no journal writes. */
class JournalNonsenseTest {
    private static final long GENERATION = 77;
    private static final long SEQUENCE = 5;
    private static final int SALT = Format.salt(GENERATION, SEQUENCE);

    private final FakeVolume volume = new FakeVolume();
    private final byte[] file = new byte[Records.SEGMENT];
    private int end = Format.HEADER;

    private void header(long sequence, long capacity, long oldest) {
        byte[] header = Format.header(new Header(sequence, GENERATION, capacity, oldest));
        System.arraycopy(header, 0, file, 0, header.length);
    }

    private void record(int type, byte... payload) {
        end = record(file, end, type, payload, 0);
    }

    /** Where the next one begins. */
    private static int record(byte[] file, int at, int type, byte[] payload, int wrong) {
        Format.putInt(file, at, payload.length);
        Format.putInt(file, at + 4, type);
        Format.putInt(file, at + 8, SALT);
        CRC32C crc = new CRC32C();
        crc.update(file, at, 12);
        crc.update(payload);
        Format.putInt(file, at + 12, (int) crc.getValue() + wrong);
        System.arraycopy(payload, 0, file, at + Format.RECORD, payload.length);
        return at + (int) Format.size(payload.length);
    }

    private static byte[] numbers(long first, int second) {
        byte[] numbers = new byte[16];
        Format.putLong(numbers, 0, first);
        Format.putInt(numbers, 8, second);
        return numbers;
    }

    private Journal opened() throws IOException {
        volume.files.put(Format.fileName(0), file);
        return open(volume);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 9, 1",
        "-99, 9, 1",
        "-2, 0, 1", // MOVED, of no record
        "-2, 30064771072, 1", // of a segment to come
        "-2, 4294967424, 0", // of no type
        "-2, 4294967424, -1",
        "-4, 6, 0", // OLDEST: all that is there would be released
        "-5, 30064771072, 0", // RELEASED_BEFORE
    })
    void replay_recordThatNoJournalWrites_isCountedAndLeftOut(int type, long first, int second) throws IOException {
        header(SEQUENCE, Records.SEGMENT, SEQUENCE);
        record(1, payload(1, 20));
        record(type, numbers(first, second));
        record(1, payload(2, 20));

        Journal journal = opened();

        assertThat(replay(journal).values()).containsExactly(payload(1, 20), payload(2, 20));
        assertThat(journal.counts().damaged.sum()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"-2", "-4", "-5"})
    void replay_recordOfTheJournalTooShortAtTheEndOfTheFile_isLeftOut(int type) throws IOException {
        header(SEQUENCE, Records.SEGMENT, SEQUENCE);
        record(1, payload(1, Records.SEGMENT - Format.HEADER - 2 * Format.RECORD));
        record(type);

        assertThat(replay(opened())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4096, 0",
        "-3, 4096, -5",
        "4294967296, 4096, 1",
        "5, 4096, 6",
        "5, -4096, 5",
        "5, 100, 5",
        "5, 9223372036854775807, 5"
    })
    void open_headerThatNoJournalWrites_isGivenUpAndTheJournalGoesOn(long sequence, long capacity, long oldest)
            throws IOException {
        header(sequence, capacity, oldest);

        Journal journal = opened();

        assertThat(replay(journal)).isEmpty();
        assertThat(journal.counts().torn.sum()).isEqualTo(1);
        assertThat(Records.append(journal, payload(1, 20))).isPositive();
    }

    /** 1 GiB is more than these tests have. */
    @Test
    void open_fileFarShorterThanItsHeaderSays_readsWhatIsThere() throws IOException {
        header(SEQUENCE, 1 << 30, SEQUENCE);
        record(1, payload(1, 20));

        assertThat(replay(opened()).values()).containsExactly(payload(1, 20));
    }

    @Test
    void scan_recordsThatClaimToLieWithinEachOther_takesTimeByTheLengthAlone() {
        int length = 8 << 20;
        byte[] bytes = new byte[length];
        for (int at = Format.HEADER; at <= length - Format.RECORD; at += Format.RECORD) {
            Format.putInt(bytes, at, length - at - Format.RECORD);
            Format.putInt(bytes, at + 4, 1);
            Format.putInt(bytes, at + 8, SALT);
        }
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();

        SegmentScan scan = new SegmentScan();
        scan.scan(bytes, length, SALT, (offset, type, payload) -> {
            throw new AssertionError("none is whole");
        });

        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertThat(nanos).isLessThan(2_000_000_000L);
        assertThat(scan.torn()).isTrue();
    }

    @Test
    void scan_manyDamagedRecordsBeforeAWholeOne_findsIt() {
        byte[] bytes = new byte[1 << 20];
        byte[] payload = payload(1, 1000);
        int last = Format.HEADER;
        while (last < bytes.length - 3000) {
            last = record(bytes, last, 1, payload, 1);
        }
        record(bytes, last, 1, payload, 0);
        List<Integer> found = new ArrayList<>();

        new SegmentScan().scan(bytes, bytes.length, SALT, (offset, type, n) -> found.add(offset));

        assertThat(found).containsExactly(last);
    }
}
