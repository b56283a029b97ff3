package weir.transport.client;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import weir.otlp.Batch;

/** A batch as the message of a call. grpc-java asks a stream of known length to write itself into its buffers: one copy. */
final class BatchStream extends InputStream implements KnownLength, Drainable {
    private final byte[] bytes;
    private final int end;
    private int at;

    BatchStream(Batch batch) {
        bytes = batch.bytes();
        at = batch.offset();
        end = batch.end();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int n = end - at;
        target.write(bytes, at, n);
        at = end;
        return n;
    }

    @Override
    public int available() {
        return end - at;
    }

    @Override
    public int read() {
        return at < end ? bytes[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] b, int off, int len) {
        Objects.checkFromIndexSize(off, len, b.length);
        int n = Math.min(len, end - at);
        if (n <= 0) {
            return len == 0 ? 0 : -1;
        }
        System.arraycopy(bytes, at, b, off, n);
        at += n;
        return n;
    }
}
