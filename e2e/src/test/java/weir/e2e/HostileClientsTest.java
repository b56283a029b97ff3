package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** Experiments 14 and 15: slow clients and HTTP/2 abuse, beside legitimate load. */
@Tag("faults")
class HostileClientsTest {
    private static final Shape SHAPE = new Shape(64, 8, 4, 4, 1, 1, 0);
    private static final double RATE = 5_000;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;

    @TempDir
    Path directory;

    @Test
    void experiment14_slowClientsAreClosed_andOthersAreServed() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.http()), 2, RATE, 1)) {
            Await.pause(2_000);
            List<Socket> slow = new ArrayList<>();
            try {
                for (int i = 0; i < 500; i++) {
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(weir.http()));
                    slow.add(socket);
                    String begin = i % 2 == 0
                            ? "POST /v1/traces HTTP/1.1\r\nHost: weir\r\nX-Drip: "
                            : "POST /v1/traces HTTP/1.1\r\nHost: weir\r\nContent-Type: application/x-protobuf\r\nContent-Length: 100000\r\n\r\nabc";
                    socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
                }
                long begin = System.nanoTime();
                int open = slow.size();
                while (open > 0
                        && System.nanoTime() - begin < Duration.ofSeconds(75).toNanos()) {
                    Await.pause(1_000);
                    open = drip(slow);
                }
                assertThat(open).as("slow connections still open after 75 s").isZero();
            } finally {
                for (Socket socket : slow) {
                    socket.close();
                }
            }
            sender.stop();
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            assertThat(sender.latencies().millis(0.99))
                    .as("ms of legitimate requests, 99 of 100")
                    .isLessThan(250);
            assertServes(weir, sender, backend);
        }
    }

    /** Sends one more byte on each connection that is open; returns how many were. */
    private static int drip(List<Socket> sockets) throws IOException {
        int open = 0;
        for (Socket socket : sockets) {
            try {
                socket.setSoTimeout(1);
                socket.getOutputStream().write('a');
                if (socket.getInputStream().read() < 0) {
                    socket.close();
                } else {
                    open++;
                }
            } catch (SocketTimeoutException _) {
                open++;
            } catch (IOException _) {
                socket.close();
            }
        }
        return open;
    }

    @Test
    void experiment15_rapidReset_isAnsweredWithGoAway() throws Exception {
        abused("rapid reset", (frames, n) -> {
            int stream = 2 * n + 1;
            frame(frames, HEADERS, 4, stream, requestHeaders());
            frame(frames, RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        });
    }

    @Test
    void experiment15_pingFlood_isAnsweredWithGoAway() throws Exception {
        abused("ping flood", (frames, n) -> frame(frames, PING, 0, 0, new byte[8]));
    }

    @Test
    void experiment15_continuationFlood_isAnsweredWithGoAway() throws Exception {
        abused("continuation flood", (frames, n) -> {
            if (n == 0) {
                frame(frames, HEADERS, 0, 1, requestHeaders());
            } else {
                frame(frames, CONTINUATION, 0, 1, n % 2 == 0 ? new byte[0] : literalHeader(n));
            }
        });
    }

    private interface Abuse {
        void frames(ByteArrayOutputStream out, int n);
    }

    /** Floods a connection with up to 10,000 rounds of frames, beside load that must not suffer. */
    private void abused(String what, Abuse abuse) throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.grpc()), 2, RATE, 1)) {
            Await.pause(2_000);
            long before = sender.acknowledged();
            long begin = System.nanoTime();
            boolean ended = false;
            for (int connection = 0; connection < 5; connection++) {
                ended = flood(port("http://" + weir.grpc()), abuse);
                assertThat(ended).as("%s: GOAWAY or a closed connection", what).isTrue();
            }
            Await.pause(3_000);
            double seconds = (System.nanoTime() - begin) / 1e9;
            double served = (sender.acknowledged() - before) / seconds;
            assertThat(served).as("legitimate spans a second during %s", what).isGreaterThan(0.8 * RATE);
            sender.stop();
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            assertServes(weir, sender, backend);
        }
    }

    /** Whether the server ended the connection: by GOAWAY, or by closing it. */
    private static boolean flood(int port, Abuse abuse) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            OutputStream out = socket.getOutputStream();
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            frames.writeBytes(PREFACE);
            frame(frames, SETTINGS, 0, 0, new byte[0]);
            try {
                for (int n = 0; n < 10_000; n++) {
                    abuse.frames(frames, n);
                    if (frames.size() > 16_384) {
                        out.write(frames.toByteArray());
                        frames.reset();
                    }
                }
                out.write(frames.toByteArray());
            } catch (IOException _) {
                return true; // closed in the middle of it
            }
            return goneAway(socket.getInputStream());
        }
    }

    private static boolean goneAway(InputStream in) {
        try {
            while (true) {
                byte[] head = in.readNBytes(9);
                if (head.length < 9 || head[3] == GOAWAY) {
                    return true;
                }
                in.skipNBytes(((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff));
            }
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(stream >> shift);
        }
        out.writeBytes(payload);
    }

    /** HPACK without its table: POST, http, a path and an authority, all from the static table or as literals. */
    private static byte[] requestHeaders() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x83); // :method POST
        out.write(0x86); // :scheme http
        literal(out, 0x04, "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
        literal(out, 0x01, "weir");
        literal(out, 0x0f, 0x10, "application/grpc"); // content-type
        return out.toByteArray();
    }

    private static byte[] literalHeader(int n) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        text(out, "x-flood-" + n);
        text(out, "v".repeat(100));
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, int index, String value) {
        out.write(index);
        text(out, value);
    }

    private static void literal(ByteArrayOutputStream out, int first, int second, String value) {
        out.write(first);
        out.write(second);
        text(out, value);
    }

    private static void text(ByteArrayOutputStream out, String value) {
        out.write(value.length());
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static void assertServes(Topology weir, Sender sender, Sink backend) {
        for (Service service : weir.all()) {
            Await.until(service + " holding nothing", Duration.ofSeconds(30), () -> service.held() == 0);
            assertThat(service.metrics().imbalance()).isEmpty();
            assertThat(service.stdout() + service.stderr()).doesNotContain("Exception", "OutOfMemory");
        }
        assertThat(backend.account(sender.traces(), sender.unacknowledged(), false)
                        .missing())
                .isZero();
    }
}
