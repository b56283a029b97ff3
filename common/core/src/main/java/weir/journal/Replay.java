package weir.journal;

import java.io.IOException;

/** Hands out the records of one segment after the other. */
final class Replay {
    private final Counts counts;
    private final FileBytes bytes = new FileBytes();
    private final SegmentScan scan = new SegmentScan();
    private long first;
    private int salt;

    Replay(Counts counts) {
        this.counts = counts;
    }

    void load(Segment segment) throws IOException {
        first = segment.id(0);
        salt = segment.salt;
        bytes.read(segment.file, 0, segment.liveRecords() == 0 ? 0 : (int) segment.end);
    }

    /** Hands out the record at an offset, unless it was damaged since the journal was opened. */
    boolean hand(int offset, RecordReader reader) {
        int length = scan.wholeAt(bytes.bytes(), offset, bytes.length(), salt);
        if (length < 0) {
            counts.damaged.increment();
            return false;
        }
        int payload = offset + Format.RECORD;
        int type = Format.intAt(bytes.bytes(), offset + 4);
        if (type == Format.MOVED) {
            reader.record(
                    Format.longAt(bytes.bytes(), payload),
                    Format.intAt(bytes.bytes(), payload + 8),
                    bytes.bytes(),
                    payload + Format.MOVED_HEAD,
                    length - Format.MOVED_HEAD);
        } else {
            reader.record(first + offset, type, bytes.bytes(), payload, length);
        }
        return true;
    }
}
