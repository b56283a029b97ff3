package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Latencies;
import weir.load.ProcessUsage;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** Experiments 11 and 12: malformed requests and decompression bombs beside valid load. */
@Tag("faults")
class HostileInputTest {
    private static final Shape SHAPE = new Shape(64, 8, 4, 4, 1, 1, 0);
    private static final int SECONDS = Integer.getInteger("experiment.seconds", 30);
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    @Test
    void experiment11_malformedRequests_areRefusedAndNobodyElseSuffers() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.grpc()), 2, 5_000, 1)) {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            byte[] golden = SHAPE.sample();
            int[] statuses = new int[600];
            Latencies latencies = new Latencies();
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            while (System.nanoTime() < end) {
                byte[] mutated = mutate(golden, random);
                long begin = System.nanoTime();
                statuses[post(weir, mutated, "application/x-protobuf", "").statusCode()]++;
                latencies.record(System.nanoTime() - begin);
            }
            sender.stop();
            assertThat(statuses[400]).as("refused, seed %d", seed).isGreaterThan(SECONDS * 10);
            for (int status = 0; status < statuses.length; status++) {
                if (status != 200 && status != 400) {
                    assertThat(statuses[status])
                            .as("answers %d, seed %d", status, seed)
                            .isZero();
                }
            }
            assertThat(latencies.millis(0.99))
                    .as("ms of a hostile request, 99 of 100")
                    .isLessThan(100);
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            assertThat(sender.acknowledged()).isGreaterThan((long) (0.9 * 5_000 * SECONDS));
            assertQuiet(weir);
        }
    }

    @Test
    void experiment11_nestingBombs_areRefused() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port())) {
            byte[] value = new byte[0];
            for (int depth = 0; depth < 10_000; depth++) {
                value = message(5, message(1, value)); // AnyValue.array_value { values }
            }
            byte[] attribute = message(9, concat(message(1, new byte[] {'k'}), message(2, value)));
            byte[] request = message(1, message(2, message(2, attribute)));
            assertThat(post(weir, request, "application/x-protobuf", "").statusCode())
                    .isEqualTo(400);
            byte[] groups = new byte[100_000];
            java.util.Arrays.fill(groups, (byte) (15 << 3 | 3));
            assertThat(post(weir, groups, "application/x-protobuf", "").statusCode())
                    .isEqualTo(400);
            byte[] json =
                    ("{\"resourceSpans\":" + "[".repeat(50_000)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertThat(post(weir, json, "application/json", "").statusCode()).isEqualTo(400);
            assertQuiet(weir);
        }
    }

    @Test
    void experiment12_decompressionBombs_areStoppedAtTheLimit() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.grpc()), 1, 2_000, 1);
                ExecutorService pool = Executors.newFixedThreadPool(50)) {
            Await.pause(2_000);
            ProcessUsage before = ProcessUsage.of(weir.agent().pid());
            byte[] gzip = bomb(true, 1L << 30);
            byte[] deflate = bomb(false, 1L << 30);
            byte[] nested = compress(true, gzip);
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                byte[] body = i % 2 == 0 ? gzip : deflate;
                String encoding = i % 2 == 0 ? "gzip" : "deflate";
                answers.add(pool.submit(() ->
                        post(weir, body, "application/x-protobuf", encoding).statusCode()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isIn(413, 400, 429, 503);
            }
            assertThat(post(weir, nested, "application/x-protobuf", "gzip").statusCode())
                    .isIn(400, 413);
            ProcessUsage after = ProcessUsage.of(weir.agent().pid());
            assertThat(after.cpuSeconds() - before.cpuSeconds())
                    .as("CPU seconds for 51 bombs of 1 GiB")
                    .isLessThan(51 * 0.25);
            assertThat(after.rssBytes() >> 20).as("MiB resident").isLessThan(450);
            sender.stop();
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            assertQuiet(weir);
        }
    }

    private HttpResponse<byte[]> post(Topology weir, byte[] body, String type, String encoding)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(weir.http() + "/v1/traces"))
                .timeout(A_WHILE)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!encoding.isEmpty()) {
            request.header("Content-Encoding", encoding);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Nothing crashed, nothing was logged as a defect, and what was accepted balances. */
    private static void assertQuiet(Topology weir) {
        for (Service service : weir.all()) {
            assertThat(service.alive()).isTrue();
            assertThat(service.stdout() + service.stderr()).doesNotContain("Exception", "StackOverflow", "OutOfMemory");
            Await.until(service + " holding nothing", A_WHILE, () -> service.held() == 0);
            assertThat(service.metrics().imbalance()).isEmpty();
        }
    }

    private static byte[] mutate(byte[] golden, Random random) {
        byte[] b = golden.clone();
        switch (random.nextInt(4)) {
            case 0 -> b = java.util.Arrays.copyOf(b, random.nextInt(b.length));
            case 1 -> b[random.nextInt(b.length)] ^= (byte) (1 << random.nextInt(8));
            case 2 -> {
                for (int i = 0; i < 16; i++) {
                    b[random.nextInt(b.length)] = (byte) random.nextInt();
                }
            }
            default -> {
                int at = random.nextInt(b.length - 12);
                java.util.Arrays.fill(b, at, at + 11, (byte) 0xff);
            }
        }
        return b;
    }

    private static byte[] message(int field, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(field << 3 | 2);
        int rest = payload.length;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        out.writeBytes(payload);
        return out.toByteArray();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(a);
        out.writeBytes(b);
        return out.toByteArray();
    }

    private static byte[] bomb(boolean gzip, long size) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        try (OutputStream compressed = gzip ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
            for (long written = 0; written < size; written += zeros.length) {
                compressed.write(zeros);
            }
        }
        return out.toByteArray();
    }

    private static byte[] compress(boolean gzip, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compressed = gzip ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
            compressed.write(bytes);
        }
        return out.toByteArray();
    }
}
