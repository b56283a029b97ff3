package weir.journal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Records on their way to the disk, in direct buffers that are used again. Guarded by the journal's lock. */
final class Stage {
    private static final int CHUNK = 256 << 10;
    private static final int MOST_FREE = 16;
    private static final byte[] NOTHING = {};
    private static final byte[] ZEROS = new byte[Format.END];

    /** A piece of a segment. */
    static final class Chunk {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK + Format.END);
        Segment segment;
        long position;
        private int filled;

        private Chunk(Segment segment) {
            this.segment = segment;
        }

        long end() {
            return position + filled;
        }

        private boolean endsAt(Segment other, long end) {
            return segment.equals(other) && filled < CHUNK && end() == end;
        }

        /** Makes it ready to be written, with an end mark behind. */
        ByteBuffer sealed() {
            return buffer.put(ZEROS).flip();
        }
    }

    /**
     * What is to be written at once, and who is to be told of which record.
     *
     * @param ids as many as callbacks, and maybe more
     */
    record Piece(List<Chunk> chunks, List<AppendCallback> callbacks, long[] ids) {
        void complete(boolean safe) {
            RuntimeException thrown = null;
            for (int i = 0; i < callbacks.size(); i++) {
                try {
                    callbacks.get(i).complete(ids[i], safe);
                } catch (RuntimeException e) {
                    thrown = e;
                }
            }
            if (thrown != null) {
                throw thrown;
            }
        }

        boolean isEmpty() {
            return chunks.isEmpty() && callbacks.isEmpty();
        }
    }

    /** Of its own: the lists that are staged into must not be looked at without the lock. */
    private static final Piece NO_PIECE = new Piece(List.of(), List.of(), new long[0]);

    private final ArrayDeque<Chunk> free = new ArrayDeque<>();
    private final CRC32C crc = new CRC32C();
    private final byte[] head = new byte[Format.RECORD];
    private List<Chunk> chunks = new ArrayList<>();
    private List<AppendCallback> callbacks = new ArrayList<>();
    private long[] ids = new long[16];
    private @Nullable Chunk open;
    private long bytes;

    /** What waits to be written or is being written. */
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return chunks.isEmpty() && callbacks.isEmpty();
    }

    void callback(AppendCallback callback, long id) {
        if (callbacks.size() == ids.length) {
            ids = Arrays.copyOf(ids, ids.length * 2);
        }
        ids[callbacks.size()] = id;
        callbacks.add(callback);
    }

    /** Stages the header of a segment that was begun. */
    void header(Segment segment, byte[] header) {
        put(segment, 0, header, 0, header.length);
    }

    /** Stages a record without a payload. */
    int record(Segment segment, int type) {
        return record(segment, type, NOTHING, 0, NOTHING, 0, 0);
    }

    /** Stages a record at the end of a segment, which has room for it; where it begins. */
    int record(Segment segment, int type, byte[] first, int firstLength, byte[] rest, int offset, int length) {
        int payload = firstLength + length;
        Format.putInt(head, 0, payload);
        Format.putInt(head, 4, type);
        Format.putInt(head, 8, segment.salt);
        crc.reset();
        crc.update(head, 0, 12);
        crc.update(first, 0, firstLength);
        crc.update(rest, offset, length);
        Format.putInt(head, 12, (int) crc.getValue());
        int begin = (int) segment.end;
        put(segment, begin, head, 0, Format.RECORD);
        put(segment, begin + Format.RECORD, first, 0, firstLength);
        put(segment, begin + Format.RECORD + firstLength, rest, offset, length);
        long size = Format.size(payload);
        put(segment, begin + Format.RECORD + payload, ZEROS, 0, (int) size - Format.RECORD - payload);
        segment.end = begin + size;
        return begin;
    }

    private void put(Segment segment, long position, byte[] from, int offset, int length) {
        int done = 0;
        while (done < length) {
            Chunk chunk = chunk(segment, position + done);
            int n = Math.min(length - done, CHUNK - chunk.filled);
            chunk.buffer.put(from, offset + done, n);
            chunk.filled += n;
            done += n;
            bytes += n;
        }
    }

    private Chunk chunk(Segment segment, long position) {
        Chunk last = open;
        if (last != null && last.endsAt(segment, position)) {
            return last;
        }
        Chunk next = free.poll();
        if (next == null) {
            next = new Chunk(segment);
        }
        next.segment = segment;
        next.position = position;
        next.filled = 0;
        next.buffer.clear();
        segment.staged++;
        chunks.add(next);
        open = next;
        return next;
    }

    /** Takes all that was staged. No record lies in two pieces. */
    Piece take() {
        if (isEmpty()) {
            return NO_PIECE;
        }
        Piece piece = new Piece(chunks, callbacks, ids);
        chunks = new ArrayList<>();
        callbacks = new ArrayList<>();
        ids = new long[ids.length];
        open = null;
        return piece;
    }

    /** Takes back the buffers of a piece that was written, or could not be. */
    void done(Piece piece) {
        for (Chunk chunk : piece.chunks) {
            chunk.segment.staged--;
            bytes -= chunk.filled;
            if (free.size() < MOST_FREE) {
                free.add(chunk);
            }
        }
    }
}
