package weir.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How a segment file looks. Numbers are little-endian; records begin at multiples of 8.
 *
 * <pre>
 * segment:  header, 64 bytes | the same once more | records ... | end mark: 16 zero bytes | what lay there before
 *
 * header:   0  magic "WEIRJRNL"   8  version   16  sequence   24  generation   32  capacity   40  oldest   60  CRC32C of 0-59
 * record:   0  length   4  type   8  salt   12  CRC32C of 0-11 and payload   16  payload, padded to 8
 * </pre>
 *
 * <p><b>Sequence</b> counts the uses of files, <b>generation</b> is drawn at random each time a journal is opened. Both make
 * the <b>salt</b> that every record of a use carries, so that what a file held in a use before is not taken for new, not
 * even when a node died with the header unwritten and its sequence was given once more. The salt is also what a scan looks
 * for behind damage. <b>Oldest</b> is the lowest sequence whose records were needed when the segment was begun: that one or a
 * later one which is not there is missing. The header is there twice because every record hangs on it.
 *
 * <p>The end mark is written behind each piece, and overwritten by the next: what is found in its place otherwise is a
 * record that was torn or damaged.
 */
final class Format {
    static final int HEADER_COPY = 64;
    static final int HEADER = 2 * HEADER_COPY;
    static final int RECORD = 16;
    static final int END = 16;

    /** Kept free at the end of a segment for {@link #SEALED} and the end mark. */
    static final int TAIL = RECORD + END;

    /** Payload: ids of records that are not needed any more. */
    static final int RELEASED = -1;

    /** Payload: id and type of a record that was copied forward, and its payload. */
    static final int MOVED = -2;

    /** No payload: the segment ends here, and the next was begun before this was written. */
    static final int SEALED = -3;

    /** Payload: the lowest sequence whose records are needed. */
    static final int OLDEST = -4;

    /** Payload: an id; no record before it is needed. */
    static final int RELEASED_BEFORE = -5;

    static final int MOVED_HEAD = 16;

    /** So that ids, which a sequence is the upper half of, stay positive. */
    static final long LAST_SEQUENCE = 1 << 30;

    private static final long LARGEST_SEGMENT = 1 << 30;
    private static final long MAGIC = 0x4c4e_524a_5249_4557L;
    private static final int VERSION = 1;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private Format() {}

    /** What a segment's header says. */
    record Header(long sequence, long generation, long capacity, long oldest) {
        int salt() {
            return Format.salt(generation, sequence);
        }

        /** Whether a journal can have written it. */
        private boolean isSound() {
            return sequence > 0
                    && sequence <= LAST_SEQUENCE
                    && oldest >= 0
                    && oldest <= sequence
                    && capacity >= HEADER + TAIL
                    && capacity <= LARGEST_SEGMENT;
        }
    }

    /** A file that a later version of Weir wrote. */
    static final class NewerException extends Exception {
        NewerException(int version) {
            super("format " + version + ", of which this version of Weir reads up to " + VERSION);
        }
    }

    /** The bytes that a record takes in its segment. */
    static long size(long payload) {
        return (RECORD + payload + 7) & ~7L;
    }

    static int salt(long generation, long sequence) {
        long z = (generation ^ sequence * 0x9E37_79B9_7F4A_7C15L);
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return (int) (z ^ z >>> 31) | 1;
    }

    static byte[] header(Header header) {
        byte[] bytes = new byte[HEADER];
        putLong(bytes, 0, MAGIC);
        putInt(bytes, 8, VERSION);
        putLong(bytes, 16, header.sequence);
        putLong(bytes, 24, header.generation);
        putLong(bytes, 32, header.capacity);
        putLong(bytes, 40, header.oldest);
        putInt(bytes, 60, checksum(bytes, 0));
        System.arraycopy(bytes, 0, bytes, HEADER_COPY, HEADER_COPY);
        return bytes;
    }

    /** The header in one of its places; null if it is damaged, none, or no journal's although its checksum is right. */
    static @Nullable Header header(byte[] bytes, int at) throws NewerException {
        if (longAt(bytes, at) != MAGIC || intAt(bytes, at + 60) != checksum(bytes, at)) {
            return null;
        }
        int version = intAt(bytes, at + 8);
        if (version > VERSION) {
            throw new NewerException(version);
        }
        Header header = new Header(
                longAt(bytes, at + 16), longAt(bytes, at + 24), longAt(bytes, at + 32), longAt(bytes, at + 40));
        return header.isSound() ? header : null;
    }

    private static int checksum(byte[] header, int at) {
        CRC32C crc = new CRC32C();
        crc.update(header, at, 60);
        return (int) crc.getValue();
    }

    static int intAt(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    static long longAt(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    static void putInt(byte[] bytes, int at, int value) {
        INT.set(bytes, at, value);
    }

    static void putLong(byte[] bytes, int at, long value) {
        LONG.set(bytes, at, value);
    }

    static String fileName(int number) {
        return "segment-" + number + ".journal";
    }

    /** The number in a file's name; -1 if it is no segment's. */
    static int fileNumber(String name) {
        if (!name.startsWith("segment-") || !name.endsWith(".journal")) {
            return -1;
        }
        String digits = name.substring("segment-".length(), name.length() - ".journal".length());
        return digits.length() < 10 && !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Integer.parseInt(digits)
                : -1;
    }
}
