package weir.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import weir.journal.Format.Header;
import weir.testing.FuzzInputs;

/**
 * A fuzz target: the files that a journal finds, after a byte that says what to do with them. Whatever they hold, the journal
 * opens or says in an {@link IOException} that they are a later version's; it hands out only records whose checksums are right,
 * each once; and it can be used on: when all is released and something is appended, the next process finds that alone.
 *
 * <pre>
 * first byte:  bits 0 and 1  number of files - 1, which share the rest evenly
 *              bit 2         checksums, salts, and lengths that reach too far are made right, so that what lies behind them is reached
 *              bit 3         files are as long as a segment, their ends zeros
 *              bit 4         used on
 * </pre>
 */
public final class FuzzJournal {
    private static final int MEND = 4;
    private static final int PAD = 8;
    private static final int USE = 16;
    private static final int MOST_STEPS = 10_000;

    /** What a record is known by: nothing else may be handed out. */
    private record Intact(long id, int type, int payloadHash) {}

    private FuzzJournal() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        if (data.length == 0) {
            return;
        }
        int how = data[0];
        FakeVolume volume = volume(how, Arrays.copyOfRange(data, 1, data.length));
        Set<Intact> intact = intact(volume);
        Journal journal;
        try {
            journal = Records.open(volume);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("later version")) {
                return;
            }
            throw e;
        }
        Set<Long> ids = new HashSet<>();
        journal.replay((id, type, bytes, offset, length) -> {
            byte[] payload = Arrays.copyOfRange(bytes, offset, offset + length);
            check(ids.add(id), "handed out twice: " + id);
            check(id >= 0 && type > 0, "record " + id + " of type " + type);
            check(intact.contains(new Intact(id, type, Arrays.hashCode(payload))), "not intact: " + id);
            check(Arrays.equals(payload, read(journal, id)), "read differently: " + id);
        });
        check(ids.size() == journal.heldRecords(), ids.size() + " records of " + journal.heldRecords());
        check(journal.damagedPlaces() >= 0 && journal.bytes() >= 0, "negative counts");
        if ((how & USE) != 0) {
            useOn(volume, journal, ids);
        }
    }

    private static void useOn(FakeVolume volume, Journal journal, Set<Long> ids) throws IOException {
        ids.forEach(journal::release);
        work(journal);
        byte[] more = Records.payload(1, 50);
        long id = Records.append(journal, more);
        check(id >= 0, "refused: " + id);
        check(!ids.contains(id), "given twice: " + id);
        work(journal);
        Map<Long, byte[]> found = Records.replay(Records.open(volume.copy()));
        check(found.keySet().equals(Set.of(id)) && Arrays.equals(found.get(id), more), found.keySet() + ", not " + id);
    }

    private static void work(Journal journal) {
        int steps = 0;
        while (journal.step()) {
            check(steps++ < MOST_STEPS, "does not end");
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static byte[] read(Journal journal, long id) {
        try {
            byte[] payload = journal.read(id);
            return payload == null ? new byte[0] : payload;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FakeVolume volume(int how, byte[] data) {
        FakeVolume volume = new FakeVolume();
        int files = (how & 3) + 1;
        for (int i = 0; i < files; i++) {
            byte[] file = Arrays.copyOfRange(data, data.length * i / files, data.length * (i + 1) / files);
            if ((how & PAD) != 0 && file.length < Records.SEGMENT) {
                file = Arrays.copyOf(file, Records.SEGMENT);
            }
            if ((how & MEND) != 0 && file.length >= Format.HEADER) {
                mend(file);
            }
            volume.files.put(Format.fileName(i), file);
        }
        return volume;
    }

    private static void mend(byte[] file) {
        byte[] likeAll = Format.header(new Header(0, 0, 0, 0));
        System.arraycopy(likeAll, 0, file, 0, 16);
        Format.putInt(file, 60, checksum(file, 0, 60));
        System.arraycopy(file, 0, file, Format.HEADER_COPY, Format.HEADER_COPY);
        int salt = Format.salt(Format.longAt(file, 24), Format.longAt(file, 16));
        int at = Format.HEADER;
        while (at + Format.RECORD <= file.length && Format.longAt(file, at) != 0) {
            int left = file.length - at - Format.RECORD;
            int length = Integer.remainderUnsigned(Format.intAt(file, at), left + 1);
            Format.putInt(file, at, length);
            Format.putInt(file, at + 8, salt);
            Format.putInt(file, at + 12, checksum(file, at, length));
            at += (int) Format.size(length);
        }
    }

    /** Of 12 or 60 bytes, or of a record: its head but for the checksum, and its payload. */
    private static int checksum(byte[] file, int at, int payload) {
        CRC32C crc = new CRC32C();
        if (at == 0) {
            crc.update(file, 0, payload);
        } else {
            crc.update(file, at, 12);
            crc.update(file, at + Format.RECORD, payload);
        }
        return (int) crc.getValue();
    }

    /** The records in files whose checksums are right, found by looking everywhere. */
    private static Set<Intact> intact(FakeVolume volume) {
        Set<Intact> intact = new HashSet<>();
        for (byte[] file : volume.files.values()) {
            for (int copy = 0; copy <= Format.HEADER_COPY && file.length >= Format.HEADER; copy += Format.HEADER_COPY) {
                long sequence = Format.longAt(file, copy + 16);
                int salt = Format.salt(Format.longAt(file, copy + 24), sequence);
                for (int at = Format.HEADER; at <= file.length - Format.RECORD; at += 8) {
                    int length = Format.intAt(file, at);
                    if (Format.intAt(file, at + 8) == salt
                            && length >= 0
                            && length <= file.length - at - Format.RECORD
                            && Format.intAt(file, at + 12) == checksum(file, at, length)) {
                        intact.add(known(file, sequence << 32 | at, at, length));
                    }
                }
            }
        }
        return intact;
    }

    private static Intact known(byte[] file, long id, int at, int length) {
        int payload = at + Format.RECORD;
        int type = Format.intAt(file, at + 4);
        if (type == Format.MOVED && length >= Format.MOVED_HEAD) {
            byte[] moved = Arrays.copyOfRange(file, payload + Format.MOVED_HEAD, payload + length);
            return new Intact(Format.longAt(file, payload), Format.intAt(file, payload + 8), Arrays.hashCode(moved));
        }
        return new Intact(id, type, Arrays.hashCode(Arrays.copyOfRange(file, payload, payload + length)));
    }

    /** The files that a journal leaves behind: with releases, records that were copied forward, segments that were used again. */
    public static List<byte[]> inputs() throws IOException {
        List<byte[]> inputs = new ArrayList<>(FuzzInputs.of(FuzzJournal.class));
        for (int used : new int[] {3, 30, 300}) {
            FakeVolume volume = new FakeVolume();
            Journal journal = Records.open(volume, 6);
            for (int i = 0; i < used; i++) {
                long id = Records.append(journal, Records.payload(i, 60 + i % 90));
                if (i % 40 != 0 && (i % 3 != 0 || i > 40)) {
                    journal.release(id);
                }
                work(journal);
            }
            for (byte[] file : volume.files.values()) {
                inputs.add(FuzzInputs.input(USE, file));
                inputs.add(FuzzInputs.input(MEND | USE, file));
                inputs.add(FuzzInputs.input(MEND | PAD | USE, Arrays.copyOf(file, 400)));
            }
            List<byte[]> files = volume.files.values().stream().limit(4).toList();
            byte[] all = new byte[files.size() * Records.SEGMENT];
            for (int i = 0; i < files.size(); i++) {
                System.arraycopy(files.get(i), 0, all, i * Records.SEGMENT, Records.SEGMENT);
            }
            inputs.add(FuzzInputs.input(USE | files.size() - 1, all));
            inputs.add(FuzzInputs.input(MEND | USE | files.size() - 1, all));
        }
        return inputs;
    }
}
