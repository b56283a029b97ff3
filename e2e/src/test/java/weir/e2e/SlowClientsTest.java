package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.e2e.Http2Peer.DATA;
import static weir.e2e.Http2Peer.END_HEADERS;
import static weir.e2e.Http2Peer.END_STREAM;
import static weir.e2e.Http2Peer.HEADERS;
import static weir.e2e.Http2Peer.exportHead;
import static weir.e2e.Http2Peer.message;
import static weir.e2e.Http2Peer.setting;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Jcmd;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** Experiment 14: thousands of clients that send or read slowly, or stop in the middle, beside legitimate load. */
@Tag("faults")
class SlowClientsTest {
    private static final Shape SHAPE = new Shape(64, 8, 4, 4, 1, 1, 0);
    private static final double RATE = 5_000;
    private static final int BASE_SECONDS = 10;
    private static final int MOST_SECONDS = 62;

    /** Figures below this are the machine's, not Weir's. */
    private static final double LEAST_P99_MILLIS = 10;

    private static final long MOST_BYTES_EACH = 64 << 10;

    /** When all have connected, and few have been sent away. */
    private static final int LOOK_SECONDS = 3;

    @TempDir
    Path directory;

    /** How a client is slow, how many of them there are, and within how many seconds they must be gone. */
    enum Slow {
        HTTP_HEAD(1000, 30) {
            @Override
            byte[] begin() {
                return ascii("POST /v1/traces HTTP/1.1\r\nHost: weir\r\nX-Drip: ");
            }

            @Override
            byte[] drip() {
                return ascii("a");
            }
        },
        HTTP_BODY(1000, 60) {
            @Override
            byte[] begin() {
                return ascii("POST /v1/traces HTTP/1.1\r\nHost: weir\r\nContent-Type: application/x-protobuf\r\n"
                        + "Content-Length: 100000\r\n\r\nabc");
            }

            @Override
            byte[] drip() {
                return ascii("a");
            }
        },
        /** Asks again and again and reads no answer. */
        HTTP_READ(100, 60) {
            @Override
            byte[] begin() {
                return drip();
            }

            @Override
            byte[] drip() {
                return ascii("POST /v1/traces HTTP/1.1\r\nHost: weir\r\nContent-Length: 0\r\n\r\n".repeat(4000));
            }
        },
        GRPC_SILENT(1000, 30) {
            @Override
            byte[] begin() {
                return new byte[0];
            }
        },
        GRPC_HEAD(1000, 30) {
            @Override
            byte[] begin() {
                return Http2Peer.opening(peer -> peer.frame(HEADERS, 0, 1, exportHead()));
            }
        },
        GRPC_BODY(1000, 60) {
            @Override
            byte[] begin() {
                return Http2Peer.opening(peer -> {
                    peer.frame(HEADERS, END_HEADERS, 1, exportHead());
                    peer.frame(DATA, 0, 1, new byte[] {0, 0, 1, 0, 0, 1, 2, 3});
                });
            }

            @Override
            byte[] drip() {
                return Http2Peer.encoded(DATA, 0, 1, new byte[1]);
            }
        },
        /** Calls that are answered, and a client that gives no window for the answers. */
        GRPC_READ(1000, 60) {
            @Override
            byte[] begin() {
                return Http2Peer.opening(
                        peer -> {
                            for (int n = 0; n < 10; n++) {
                                peer.frame(HEADERS, END_HEADERS, 2 * n + 1, exportHead());
                                peer.frame(DATA, END_STREAM, 2 * n + 1, message(new byte[0]));
                            }
                        },
                        setting(4, 0));
            }
        };

        final int clients;
        final int limitSeconds;

        Slow(int clients, int limitSeconds) {
            this.clients = clients;
            this.limitSeconds = limitSeconds;
        }

        /** What each sends first. */
        abstract byte[] begin();

        /** What each sends once a second after that. */
        byte[] drip() {
            return new byte[0];
        }

        boolean overHttp() {
            return name().startsWith("HTTP");
        }

        private static byte[] ascii(String text) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
    }

    private record Client(Slow kind, SocketChannel channel) {}

    @Test
    void experiment14_slowClientsAreSentAway_andOthersAreServed() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port())) {
            double before;
            try (Sender sender = sender(weir)) {
                Await.pause(5_000);
                sender.stop();
            }
            try (Sender sender = sender(weir)) {
                Await.pause(1000L * BASE_SECONDS);
                sender.stop();
                before = sender.latencies().millis(0.99);
            }
            try (Sender sender = sender(weir)) {
                Map<Slow, Integer> goneAfter = attack(weir);
                sender.stop();
                double during = sender.latencies().millis(0.99);
                Experiment.saw(
                        "14",
                        "seconds until the last was gone, of at most 30 before and 60 within a request: %s; legitimate"
                                + " requests 99 %% within %.1f ms, %.1f before (at most twice)",
                        goneAfter,
                        during,
                        before);
                goneAfter.forEach((kind, seconds) ->
                        assertThat(seconds).as("seconds of %s", kind).isLessThanOrEqualTo(kind.limitSeconds + 1));
                assertThat(during).isLessThan(2 * Math.max(before, LEAST_P99_MILLIS));
                assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            }
            weir.settle();
            weir.assertQuiet();
        }
    }

    private static Sender sender(Topology weir) {
        return new Sender(SHAPE, List.of(weir.grpc(), weir.http()), 2, RATE, 1);
    }

    /** After how many seconds the last of each kind was gone. */
    private static Map<Slow, Integer> attack(Topology weir) throws IOException, InterruptedException {
        long base = liveBytes(weir.agent());
        List<Client> clients = new ArrayList<>();
        Map<Slow, Integer> goneAfter = new EnumMap<>(Slow.class);
        try (Program stopped = stopped(weir)) {
            Map<Slow, byte[]> first = new EnumMap<>(Slow.class);
            for (Slow kind : Slow.values()) {
                first.put(kind, kind.begin());
                goneAfter.put(kind, Integer.MAX_VALUE);
            }
            // In turn, so that when no more connections are let in there are some of each kind.
            for (int i = 0; i < 1000; i++) {
                for (Slow kind : Slow.values()) {
                    if (i < kind.clients) {
                        int port = port(kind.overHttp() ? weir.http() : weir.grpc());
                        clients.add(new Client(kind, open(port, first.getOrDefault(kind, new byte[0]))));
                    }
                }
            }
            int all = clients.size();
            long begin = System.nanoTime();
            double open = 0;
            long each = 0;
            while (System.nanoTime() - begin < Duration.ofSeconds(MOST_SECONDS).toNanos() && !clients.isEmpty()) {
                Await.pause(1_000);
                int seconds = (int) Duration.ofNanos(System.nanoTime() - begin).toSeconds();
                if (open == 0 && seconds >= LOOK_SECONDS) {
                    open = weir.agent().metrics().sum("weir_listener_connections");
                    each = (long) ((liveBytes(weir.agent()) - base) / open);
                }
                clients.removeIf(client -> isGone(client));
                for (Slow kind : Slow.values()) {
                    if (clients.stream().noneMatch(c -> c.kind() == kind)) {
                        goneAfter.merge(kind, seconds, Math::min);
                    }
                }
            }
            Experiment.saw(
                    "14",
                    "%d slow clients, of which %.0f were let in: %d bytes of memory in use for each (at most %d); at most"
                            + " %d MiB resident; still there after %d s: %s",
                    all,
                    open,
                    each,
                    MOST_BYTES_EACH,
                    weir.agent().usage().peakRssBytes() >> 20,
                    MOST_SECONDS,
                    clients.stream().map(Client::kind).distinct().toList());
            assertThat(each).as("bytes for each connection").isPositive().isLessThan(MOST_BYTES_EACH);
            Await.until(
                    "no connection but the legitimate one: the client that was stopped sent away",
                    Duration.ofSeconds(25),
                    () -> weir.agent().metrics().sum("weir_listener_connections", "listener", "http") <= 1,
                    () -> weir.agent()
                            .metrics()
                            .text()
                            .lines()
                            .filter(line -> line.startsWith("weir_listener"))
                            .toList()
                            .toString());
            assertThat(stopped.alive()).isTrue();
        } finally {
            for (Client client : clients) {
                client.channel().close();
            }
        }
        return goneAfter;
    }

    /** What is reachable in its heap, and what its network buffers have of direct memory. */
    private static long liveBytes(Service service) throws IOException, InterruptedException {
        long heap = Jcmd.liveHeapBytes(service.pid());
        long direct = (long) service.metrics().sum("weir_process_direct_memory_bytes");
        Experiment.saw("14", "%d KiB of heap, %d KiB of direct memory", heap >> 10, direct >> 10);
        return heap + direct;
    }

    /** A process that sends half a request and is stopped then, as one whose machine hangs. */
    private static Program stopped(Topology weir) {
        Program program = new Program(
                "stopped",
                Path.of(System.getProperty("java.io.tmpdir")),
                List.of(
                        "bash",
                        "-c",
                        "exec 3<>/dev/tcp/127.0.0.1/" + port(weir.http())
                                + "; printf 'POST /v1/traces HTTP/1.1\\r\\nHost: weir\\r\\nContent-Length: 9\\r\\n\\r\\nabc' >&3;"
                                + " echo sent; sleep 1000 <&3"),
                Map.of());
        Await.until(
                "half a request", Duration.ofSeconds(5), () -> program.stdout().contains("sent"));
        program.signal("STOP");
        return program;
    }

    private static SocketChannel open(int port, byte[] first) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.configureBlocking(false);
        try {
            channel.write(ByteBuffer.wrap(first));
        } catch (IOException _) {
            // It was not let in, which is seen when it is looked at.
        }
        return channel;
    }

    /** Sends a little more; whether the server has ended the connection. */
    private static boolean isGone(Client client) {
        try {
            SocketChannel channel = client.channel();
            if (client.kind() != Slow.HTTP_READ) {
                ByteBuffer sink = ByteBuffer.allocate(4096);
                while (channel.read(sink) > 0) {
                    sink.clear();
                }
                if (channel.read(sink) < 0) {
                    channel.close();
                    return true;
                }
            }
            byte[] drip = client.kind().drip();
            if (drip.length > 0) {
                channel.write(ByteBuffer.wrap(drip));
            }
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
