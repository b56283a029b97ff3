package weir.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import weir.journal.Volume.VolumeFile;

/** Bytes of a file in an array that is used again. For one thread at a time. */
final class FileBytes {
    private static final int PIECE = 256 << 10;

    private ByteBuffer piece = ByteBuffer.allocateDirect(0);
    private byte[] bytes = {};
    private int length;

    byte[] bytes() {
        return bytes;
    }

    /** How many there are: fewer than asked for where the file ends. */
    int length() {
        return length;
    }

    void read(VolumeFile file, long position, int wanted) throws IOException {
        if (bytes.length < wanted) {
            bytes = new byte[wanted];
        }
        if (piece.capacity() < Math.min(PIECE, wanted)) {
            piece = ByteBuffer.allocateDirect(Math.min(PIECE, wanted));
        }
        length = 0;
        while (length < wanted) {
            piece.clear().limit(Math.min(piece.capacity(), wanted - length));
            file.read(piece, position + length);
            int n = piece.flip().remaining();
            if (n == 0) {
                return;
            }
            piece.get(bytes, length, n);
            length += n;
        }
    }
}
