package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Jcmd;
import weir.load.Latencies;
import weir.load.Ports;
import weir.load.Shape;
import weir.load.Sink;

/**
 * Experiment 7: two hundred agents of a gateway come and are killed every two seconds, in the middle of what they send. An agent
 * is a connection of this process, half of them of gRPC and half of HTTP, that is reset as the kernel does for a process that
 * is killed: two hundred processes are too many for the machine. The gateway samples nothing, for what it remembers of traces
 * would grow beside, within its bounds.
 */
@Tag("faults")
class FlappingAgentsTest {
    private static final int AGENTS = 200;
    private static final int LIFE_MILLIS = 2_000;
    private static final int PAUSE_MILLIS = 250;
    private static final int SPANS = 4;
    private static final Shape SHAPE = new Shape(SPANS, SPANS, 1, 1, 0, 0, 0);
    private static final int WARM_SECONDS = Math.max(15, Experiment.SECONDS / 2);
    private static final int MOST_MORE = 5;
    private static final double MOST_MORE_MEMORY = 1.05;
    private static final double MOST_ACCEPT_MILLIS = 50;
    private static final Duration A_WHILE = Duration.ofSeconds(30);
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final byte[] SETTINGS_ACK = Http2Peer.encoded(Http2Peer.SETTINGS, 1, 0, new byte[0]);

    @TempDir
    Path directory;

    private final AtomicLong traces = new AtomicLong();
    private final AtomicLong lives = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<Long> arrived = ConcurrentHashMap.newKeySet();
    private volatile Latencies accepts = new Latencies();

    /** What a process takes, when nothing is sent to it. */
    private record Taken(long descriptors, long threads, long liveBytes, long residentBytes) {
        static Taken by(Service service) throws IOException, InterruptedException {
            long live = Jcmd.liveHeapBytes(service.pid())
                    + (long) service.metrics().sum("weir_process_direct_memory_bytes");
            return new Taken(
                    entries(service, "fd"),
                    entries(service, "task"),
                    live,
                    service.usage().rssBytes());
        }

        private static long entries(Service service, String folder) throws IOException {
            try (Stream<Path> all = Files.list(Path.of("/proc/" + service.pid() + "/" + folder))) {
                return all.count();
            }
        }
    }

    @Test
    void experiment07_flappingAgents_leaveNothingBehindAndLoseNothing() throws Exception {
        int[] ports = Ports.free(3);
        try (Sink backend = new Sink(SHAPE, 0);
                Service gateway = Service.start(
                                "gateway",
                                directory,
                                ports[2],
                                PipelineText.gateway(ports[0], ports[1], backend.port()),
                                Map.of("WEIR_CONSOLE_PORT", "0"))
                        .awaitReady()) {
            backend.watch(ids -> {
                for (long id : ids) {
                    arrived.add(id);
                }
            });
            // What each thread, buffer and class takes once is no leak.
            flap(ports[0], ports[1], WARM_SECONDS);
            settle(gateway);
            Taken before = Taken.by(gateway);
            lives.set(0);
            failures.set(0);
            accepts = new Latencies();

            flap(ports[0], ports[1], Experiment.SECONDS);
            settle(gateway);
            Taken after = Taken.by(gateway);

            long lost = 0;
            for (long number : acknowledged) {
                for (int index = 0; index < SPANS; index++) {
                    lost += arrived.contains(number << 8 | (index + 1)) ? 0 : 1;
                }
            }
            Experiment.saw(
                    "07",
                    "%d agents, %d lives and kills in %d s: %d spans of %d acknowledged traces lost (0); descriptors %+d, threads"
                            + " %+d (at most 5); memory in use %d KiB, %d before (at most 5 %% more), resident %d MiB, %d before;"
                            + " 99 %% of connections served within %.1f ms (at most 50), %d failed",
                    AGENTS,
                    lives.get(),
                    Experiment.SECONDS,
                    lost,
                    acknowledged.size(),
                    after.descriptors - before.descriptors,
                    after.threads - before.threads,
                    after.liveBytes >> 10,
                    before.liveBytes >> 10,
                    after.residentBytes >> 20,
                    before.residentBytes >> 20,
                    accepts.millis(0.99),
                    failures.get());
            assertThat(lives.get()).isGreaterThan(1000L * AGENTS * Experiment.SECONDS / LIFE_MILLIS / 2);
            assertThat(acknowledged.size()).isGreaterThan(AGENTS * Experiment.SECONDS / 2);
            assertThat(lost).isZero();
            assertThat(failures.get())
                    .as("connections that failed by themselves")
                    .isZero();
            assertThat(after.descriptors - before.descriptors).isLessThanOrEqualTo(MOST_MORE);
            assertThat(after.threads - before.threads).isLessThanOrEqualTo(MOST_MORE);
            assertThat((double) after.liveBytes).isLessThan(MOST_MORE_MEMORY * before.liveBytes);
            assertThat(accepts.millis(0.99)).isLessThan(MOST_ACCEPT_MILLIS);
            assertThat(gateway.metrics().imbalance()).isEmpty();
            gateway.assertQuiet();
        }
    }

    private static void settle(Service gateway) {
        Await.until("holding nothing", A_WHILE, () -> gateway.held() == 0);
        // Until connections that were cut in the middle of a request are forgotten, and those that read metrics, too.
        Await.pause(3_000);
    }

    private void flap(int grpcPort, int httpPort, int seconds) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        try (ExecutorService agents = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int n = 0; n < AGENTS; n++) {
                boolean overHttp = n % 2 == 1;
                // They do not come all at once: a node is not killed with all others.
                long first = (long) LIFE_MILLIS * n / AGENTS;
                running.add(agents.submit(() -> {
                    Await.pause(first);
                    while (System.nanoTime() < end) {
                        live(overHttp, overHttp ? httpPort : grpcPort);
                        lives.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
    }

    /** Connects, sends some requests that are answered, and is killed within the next one. */
    private void live(boolean overHttp, int port) {
        long begin = System.nanoTime();
        long death = begin + Duration.ofMillis(LIFE_MILLIS).toNanos();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            // An end without a farewell: what is not sent is forgotten, and the other end is told of a reset.
            socket.setSoLinger(true, 0);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            if (!overHttp) {
                socket.getOutputStream().write(Http2Peer.opening(_ -> {}));
                frame(in);
                socket.getOutputStream().write(SETTINGS_ACK);
                accepts.record(System.nanoTime() - begin);
            }
            for (int stream = 1; System.nanoTime() < death; stream += 2) {
                long number = traces.getAndIncrement();
                socket.getOutputStream().write(request(overHttp, stream, number));
                if (overHttp ? httpTook(in) : grpcTook(in)) {
                    acknowledged.add(number);
                } else {
                    failures.incrementAndGet();
                }
                if (overHttp && stream == 1) {
                    accepts.record(System.nanoTime() - begin);
                }
                Await.pause(PAUSE_MILLIS);
            }
            byte[] last = request(overHttp, 1001, traces.getAndIncrement());
            socket.getOutputStream().write(last, 0, ThreadLocalRandom.current().nextInt(last.length));
        } catch (IOException e) {
            failures.incrementAndGet();
            System.out.println("an agent failed: " + e);
        }
    }

    private static byte[] request(boolean overHttp, int stream, long number) {
        List<NumberedSpan> spans = new ArrayList<>();
        for (int index = 0; index < SPANS; index++) {
            spans.add(NumberedSpan.now(number, index, false));
        }
        byte[] body = NumberedSpan.request(spans);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (overHttp) {
            out.writeBytes(("POST /v1/traces HTTP/1.1\r\nHost: weir\r\nContent-Type: application/x-protobuf\r\n"
                            + "Content-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(body);
        } else {
            out.writeBytes(Http2Peer.encoded(Http2Peer.HEADERS, Http2Peer.END_HEADERS, stream, Http2Peer.exportHead()));
            out.writeBytes(Http2Peer.encoded(Http2Peer.DATA, Http2Peer.END_STREAM, stream, Http2Peer.message(body)));
        }
        return out.toByteArray();
    }

    /** Reads an answer of HTTP/1.1 with a length, and whether it is 200. */
    private static boolean httpTook(DataInputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        String length = head.toString()
                .lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("0");
        in.skipNBytes(Long.parseLong(length));
        return head.toString().startsWith("HTTP/1.1 200");
    }

    /** Reads frames until a stream ends; a message before its end is the answer of a call that was taken. */
    private static boolean grpcTook(DataInputStream in) throws IOException {
        boolean message = false;
        while (true) {
            int typeAndFlags = frame(in);
            message |= typeAndFlags >>> 8 == Http2Peer.DATA;
            if (typeAndFlags >>> 8 == Http2Peer.HEADERS && (typeAndFlags & Http2Peer.END_STREAM) != 0) {
                return message;
            }
            if (typeAndFlags >>> 8 == Http2Peer.GOAWAY || typeAndFlags >>> 8 == Http2Peer.RST_STREAM) {
                return false;
            }
        }
    }

    /** Reads a frame; its type and flags. */
    private static int frame(DataInputStream in) throws IOException {
        int lengthAndType = in.readInt();
        int flags = in.readUnsignedByte();
        in.skipNBytes(4 + (lengthAndType >>> 8));
        return (lengthAndType & 0xff) << 8 | flags;
    }
}
