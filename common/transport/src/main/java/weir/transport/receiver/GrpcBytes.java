package weir.transport.receiver;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import weir.transport.compress.Encoding;
import weir.transport.compress.TooLargeException;

/**
 * Messages as the bytes that they are. What cannot be read is told by one of two arrays that are known by their identity,
 * since grpc-java answers an exception from here with UNKNOWN and a stack trace in the log.
 */
final class GrpcBytes implements Marshaller<byte[]> {
    /** In place of a message that is too large once decompressed. */
    @SuppressWarnings("MutablePublicArray")
    static final byte[] TOO_LARGE = new byte[0];

    /** In place of a message that cannot be decompressed. */
    @SuppressWarnings("MutablePublicArray")
    static final byte[] BROKEN = new byte[0];

    private static final int FIRST_GUESS = 64 << 10;

    private final int maxBytes;

    GrpcBytes(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public byte[] parse(InputStream in) {
        try {
            if (in instanceof KnownLength) {
                return readExactly(in, in.available());
            }
            return Encoding.readAll(in, FIRST_GUESS, maxBytes);
        } catch (TooLargeException | StatusRuntimeException _) {
            // grpc-java's own limit on a decompressing stream throws RESOURCE_EXHAUSTED.
            return TOO_LARGE;
        } catch (IOException | RuntimeException _) {
            return BROKEN;
        }
    }

    /** Straight into the array that is kept; {@link InputStream#readNBytes(int)} would gather 16 KiB pieces and copy again. */
    private static byte[] readExactly(InputStream in, int length) throws IOException {
        byte[] message = new byte[length];
        if (in.readNBytes(message, 0, length) != length) {
            throw new EOFException();
        }
        return message;
    }

    @Override
    public InputStream stream(byte[] message) {
        return new Message(message);
    }

    private static final class Message extends ByteArrayInputStream implements KnownLength, Drainable {
        Message(byte[] message) {
            super(message);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            return (int) transferTo(target);
        }
    }
}
