package weir.journal;

import java.util.zip.CRC32C;

/**
 * Finds the records of one use in the bytes of a segment, and what is damaged. Behind damage it looks for the next record
 * that is whole, by the salt.
 */
final class SegmentScan {
    /** Takes a record that is whole. */
    interface Found {
        void record(int offset, int type, int length);
    }

    /**
     * How often the bytes of a segment may be summed, on average, until nothing more is looked for behind damage. Damaged records
     * are summed twice at most; only what was made to look like many records within each other is beyond this, and would cost the
     * square of its length.
     */
    private static final int MOST_TRIES = 4;

    private final CRC32C crc = new CRC32C();
    private int damaged;
    private boolean torn;
    private boolean sealed;
    private int end;
    private long tried;

    /** How many places in a row of records are damaged. */
    int damaged() {
        return damaged;
    }

    /** Whether the last record was not written whole. */
    boolean torn() {
        return torn;
    }

    /** Whether the end of the segment was seen: another was begun after it. */
    boolean sealed() {
        return sealed;
    }

    /** Where the last whole record ends. */
    int end() {
        return end;
    }

    /** @param length how many bytes of the segment there are */
    void scan(byte[] bytes, int length, int salt, Found found) {
        damaged = 0;
        torn = false;
        sealed = false;
        end = Format.HEADER;
        tried = 0;
        int at = Format.HEADER;
        while (at >= 0 && !sealed) {
            int payload = wholeAt(bytes, at, length, salt);
            if (payload < 0) {
                at = nextWhole(bytes, at + 8, length, salt);
                damaged += at >= 0 ? 1 : 0;
                continue;
            }
            int type = Format.intAt(bytes, at + 4);
            sealed = type == Format.SEALED;
            found.record(at, type, payload);
            at += (int) Format.size(payload);
            end = at;
        }
        torn = !sealed && !endMarkAt(bytes, end, length);
    }

    /** The length of the payload of the record that begins there; negative if there is none that is whole. */
    int wholeAt(byte[] bytes, int at, int length, int salt) {
        if (at > length - Format.RECORD || Format.intAt(bytes, at + 8) != salt) {
            return -1;
        }
        int payload = Format.intAt(bytes, at);
        if (payload < 0 || payload > length - at - Format.RECORD) {
            return -1;
        }
        tried += payload;
        crc.reset();
        crc.update(bytes, at, 12);
        crc.update(bytes, at + Format.RECORD, payload);
        return Format.intAt(bytes, at + 12) == (int) crc.getValue() ? payload : -1;
    }

    private int nextWhole(byte[] bytes, int from, int length, int salt) {
        long most = (long) MOST_TRIES * length;
        for (int at = from; at <= length - Format.RECORD && tried <= most; at += 8) {
            if (Format.intAt(bytes, at + 8) == salt && wholeAt(bytes, at, length, salt) >= 0) {
                return at;
            }
        }
        return -1;
    }

    private static boolean endMarkAt(byte[] bytes, int at, int length) {
        return at <= length - Format.END && Format.longAt(bytes, at) == 0 && Format.longAt(bytes, at + 8) == 0;
    }
}
