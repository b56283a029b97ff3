package weir.journal;

import java.util.Arrays;

/** Ids of records that were released, until that is noted in the journal. Guarded by the journal's lock. */
final class Releases {
    private static final int MOST_IN_A_RECORD = 4096;
    private static final byte[] NOTHING = {};

    private long[] ids = new long[256];
    private int size;
    private long before;
    private byte[] payload = new byte[256 * Long.BYTES];

    boolean isEmpty() {
        return size == 0 && before == 0;
    }

    /** No record before this one is needed. */
    void addBefore(long id) {
        before = Math.max(before, id);
    }

    void add(long id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = id;
    }

    /** Stages notes of them; how many found no room. */
    int stage(Segments segments, Stage stage) {
        int done = 0;
        while (done < size) {
            int n = Math.min(MOST_IN_A_RECORD, size - done);
            Segment segment = segments.room(Format.size((long) n * Long.BYTES), true, stage);
            if (segment == null) {
                break;
            }
            if (payload.length < n * Long.BYTES) {
                payload = new byte[MOST_IN_A_RECORD * Long.BYTES];
            }
            for (int i = 0; i < n; i++) {
                Format.putLong(payload, i * Long.BYTES, ids[done + i]);
            }
            stage.record(segment, Format.RELEASED, payload, n * Long.BYTES, NOTHING, 0, 0);
            done += n;
        }
        int unnoted = size - done;
        size = 0;
        if (before > 0) {
            unnoted += stageBefore(segments, stage) ? 0 : 1;
            before = 0;
        }
        return unnoted;
    }

    private boolean stageBefore(Segments segments, Stage stage) {
        Segment segment = segments.room(Format.size(Long.BYTES), true, stage);
        if (segment != null) {
            Format.putLong(payload, 0, before);
            stage.record(segment, Format.RELEASED_BEFORE, payload, Long.BYTES, NOTHING, 0, 0);
        }
        return segment != null;
    }
}
