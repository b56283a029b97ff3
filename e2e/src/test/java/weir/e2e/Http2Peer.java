package weir.e2e;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An HTTP/2 client that writes the frames it is told to, in any order and none else, and reads what comes until it is ended. */
final class Http2Peer implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    static final int ENHANCE_YOUR_CALM = 11;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int ENOUGH = 16 << 10;

    private final Socket socket;
    private final OutputStream out;
    private final ByteArrayOutputStream frames = new ByteArrayOutputStream();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicLong answered = new AtomicLong();
    private volatile int goAway = -1;

    /** @param settings the payload of its first SETTINGS frame */
    Http2Peer(int port, byte... settings) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        frames.writeBytes(PREFACE);
        frame(SETTINGS, 0, 0, settings);
        flush();
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int lengthAndType = in.readInt();
                in.skipNBytes(5);
                byte[] payload = in.readNBytes(lengthAndType >>> 8);
                int type = lengthAndType & 0xff;
                if (type == GOAWAY && payload.length >= 8) {
                    goAway = payload[7] & 0xff;
                    ended.countDown();
                } else if (type == HEADERS) {
                    answered.incrementAndGet();
                }
            }
        } catch (EOFException _) {
            // ended, however
        } catch (IOException _) {
            // reset
        }
        ended.countDown();
    }

    /** Adds a frame to what is sent when there is enough of it, or at {@link #flush}. */
    void frame(int type, int flags, int stream, byte... payload) throws IOException {
        frames.writeBytes(encoded(type, flags, stream, payload));
        if (frames.size() >= ENOUGH) {
            flush();
        }
    }

    void flush() throws IOException {
        out.write(frames.toByteArray());
        out.flush();
        frames.reset();
    }

    /** Writes frames to a peer. */
    interface Frames {
        void to(Writer peer) throws IOException;
    }

    /** Takes frames. */
    interface Writer {
        void frame(int type, int flags, int stream, byte... payload) throws IOException;
    }

    /** What a client sends at first: the preface, its settings, and some frames. */
    static byte[] opening(Frames frames, byte... settings) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(PREFACE);
        out.writeBytes(encoded(SETTINGS, 0, 0, settings));
        try {
            frames.to((type, flags, stream, payload) -> out.writeBytes(encoded(type, flags, stream, payload)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] encoded(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        frame.writeBytes(number(stream));
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    static byte[] number(int value) {
        return new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value};
    }

    /** A setting as it stands in a SETTINGS frame. */
    static byte[] setting(int id, int value) {
        byte[] bytes = new byte[6];
        bytes[1] = (byte) id;
        System.arraycopy(number(value), 0, bytes, 2, 4);
        return bytes;
    }

    /** A message as gRPC frames it, uncompressed. */
    static byte[] message(byte[] bytes) {
        byte[] framed = new byte[5 + bytes.length];
        System.arraycopy(number(bytes.length), 0, framed, 1, 4);
        System.arraycopy(bytes, 0, framed, 5, bytes.length);
        return framed;
    }

    /** Whether the server has ended the connection, or said that it will. */
    boolean isEnded() {
        return ended.getCount() == 0;
    }

    boolean awaitEnd(Duration limit) throws InterruptedException {
        return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The error code of its GOAWAY; -1 if there was none. */
    int goAwayCode() {
        return goAway;
    }

    /** Frames of headers that came. */
    long answered() {
        return answered.get();
    }

    /** HPACK without its table: the head of an export of traces, from the static table and as literals. */
    static byte[] exportHead() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x83); // :method POST
        out.write(0x86); // :scheme http
        out.write(0x04); // :path
        text(out, "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
        out.write(0x01); // :authority
        text(out, "weir");
        literal(out, "content-type", "application/grpc");
        literal(out, "te", "trailers");
        return out.toByteArray();
    }

    static byte[] header(String name, String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        literal(out, name, value);
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        text(out, name);
        text(out, value);
    }

    private static void text(ByteArrayOutputStream out, String value) {
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // it is gone all the same
        }
    }
}
