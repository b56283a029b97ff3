package weir.journal;

import java.io.IOException;

/** Reads single records back. For one thread at a time. */
final class RecordFetch {
    private final FileBytes head = new FileBytes();
    private final FileBytes record = new FileBytes();
    private final SegmentScan scan = new SegmentScan();
    private int length;

    /** Reads the record that begins at an offset; whether it is whole. */
    boolean read(Segment segment, int offset) throws IOException {
        length = 0;
        head.read(segment.file, offset, Format.RECORD);
        if (head.length() < Format.RECORD) {
            return false;
        }
        int payload = Format.intAt(head.bytes(), 0);
        if (payload < 0 || payload > segment.capacity - offset - Format.RECORD) {
            return false;
        }
        record.read(segment.file, offset, Format.RECORD + payload);
        if (scan.wholeAt(record.bytes(), 0, record.length(), segment.salt) < 0) {
            return false;
        }
        length = payload;
        return true;
    }

    int type() {
        return Format.intAt(record.bytes(), 4);
    }

    byte[] bytes() {
        return record.bytes();
    }

    /** Where the payload begins. */
    int offset() {
        return Format.RECORD;
    }

    /** Of the payload. */
    int length() {
        return length;
    }
}
