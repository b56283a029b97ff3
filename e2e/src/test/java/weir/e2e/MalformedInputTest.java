package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Latencies;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** Experiment 11: malformed requests, over HTTP and gRPC, beside valid load. */
@Tag("faults")
class MalformedInputTest {
    private static final Shape SHAPE = new Shape(64, 8, 4, 4, 1, 1, 0);
    private static final List<byte[]> GOLDEN = List.of(SHAPE.sample(), SHAPE.sample(), SHAPE.sample(), rich());
    private static final double RATE = 5_000;
    private static final int SENDERS = 8;
    private static final double MOST_MILLIS = 100;

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong slow = new AtomicLong();
    private final Latencies latencies = new Latencies();

    @Test
    void experiment11_mutatedRequests_areRefusedAndNobodyElseSuffers() throws Exception {
        long seed = System.nanoTime();
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.grpc(), weir.http()), 2, RATE, 1);
                ExecutorService pool = Executors.newFixedThreadPool(SENDERS)) {
            Await.pause(3_000);
            long before = sender.acknowledged();
            long begin = System.nanoTime();
            long end = begin + Duration.ofSeconds(Experiment.SECONDS).toNanos();
            List<Future<?>> running = new java.util.ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                Random random = new Random(seed + i);
                running.add(pool.submit(() -> {
                    try (GrpcPost grpc = GrpcPost.to(weir.grpc())) {
                        while (System.nanoTime() < end) {
                            mutated(weir, grpc, random, seed);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
            double served = (sender.acknowledged() - before) * 1e9 / (System.nanoTime() - begin);
            sender.stop();
            Experiment.saw(
                    "11",
                    "%d mutated requests, %d refused with 400 or INVALID_ARGUMENT, 99.9 %% within %.1f ms, %d over %.0f ms"
                            + " that were not again; valid load %.1f %% (at least 99 %%)",
                    sent.get(),
                    refused.get(),
                    latencies.millis(0.999),
                    slow.get(),
                    MOST_MILLIS,
                    100 * served / RATE);
            assertThat(refused.get()).as("seed %d", seed).isGreaterThan(sent.get() / 4);
            assertThat(served).as("valid spans a second").isGreaterThan(0.99 * RATE);
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            weir.settle();
            weir.assertQuiet();
        }
    }

    /** Sends one, half of them over each protocol; what protobuf's own classes cannot read must be refused. */
    private void mutated(Topology weir, GrpcPost grpc, Random random, long seed)
            throws IOException, InterruptedException {
        byte[] request = mutate(GOLDEN.get(random.nextInt(GOLDEN.size())), random);
        boolean overGrpc = random.nextBoolean();
        double took = MOST_MILLIS;
        boolean taken = false;
        // The machine may be busy for a moment; a request that is slow by itself is slow each time.
        for (int tries = 0; tries < 5 && took >= MOST_MILLIS; tries++) {
            long begin = System.nanoTime();
            taken = overGrpc ? grpcTook(grpc.send(request)) : httpTook(post(weir, request, "application/x-protobuf"));
            took = (System.nanoTime() - begin) / 1e6;
            latencies.record((long) (took * 1e6));
            slow.addAndGet(took >= MOST_MILLIS ? 1 : 0);
        }
        assertThat(took).as("ms of a hostile request, seed %d", seed).isLessThan(MOST_MILLIS);
        if (!parses(request)) {
            assertThat(taken)
                    .as("taken what is no protobuf: %s", ByteString.copyFrom(request))
                    .isFalse();
        }
        sent.incrementAndGet();
        refused.addAndGet(taken ? 0 : 1);
    }

    private static boolean httpTook(int status) {
        assertThat(status).isIn(200, 400);
        return status == 200;
    }

    private static boolean grpcTook(Status.Code code) {
        assertThat(code).isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT);
        return code == Status.Code.OK;
    }

    private static boolean parses(byte[] request) {
        try {
            var _ = ExportTraceServiceRequest.parseFrom(request);
            return true;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    @Test
    void experiment11_craftedRequests_areRefused() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                GrpcPost grpc = GrpcPost.to(weir.grpc())) {
            Map<String, byte[]> crafted = crafted();
            for (Map.Entry<String, byte[]> each : crafted.entrySet()) {
                assertThat(post(weir, each.getValue(), "application/x-protobuf"))
                        .as(each.getKey())
                        .isEqualTo(400);
                assertThat(grpc.send(each.getValue())).as(each.getKey()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            }
            for (String json : List.of(
                    "{\"resourceSpans\":" + "[".repeat(50_000),
                    "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"k\",\"value\":"
                            + "{\"arrayValue\":{\"values\":[".repeat(10_000),
                    "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"zz\"}]}]}]}",
                    "\u0000",
                    "{\"resourceSpans\":1e999}")) {
                assertThat(post(weir, json.getBytes(StandardCharsets.UTF_8), "application/json"))
                        .as(json.substring(0, Math.min(80, json.length())))
                        .isEqualTo(400);
            }
            Experiment.saw(
                    "11",
                    "%d crafted requests (nesting, groups, varints, wire types, UTF-8), each refused over both protocols",
                    crafted.size());
            weir.settle();
            weir.assertQuiet();
        }
    }

    private static Map<String, byte[]> crafted() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("AnyValue nested 10,000 deep in arrays", inSpan(nested(10_000, true)));
        all.put("AnyValue nested 10,000 deep in key-value lists", inSpan(nested(10_000, false)));
        byte[] groups = new byte[100_000];
        Arrays.fill(groups, (byte) (15 << 3 | 3));
        all.put("100,000 groups that begin and none that ends", groups);
        all.put("the end of a group that did not begin", new byte[] {15 << 3 | 4});
        all.put("a varint of 11 bytes", bytes(15 << 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1));
        all.put("a length beyond the end", bytes(1 << 3 | 2, 0x7f));
        all.put("a length of 2^63", bytes(1 << 3 | 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f));
        all.put("wire type 6", bytes(1 << 3 | 6, 0));
        all.put("wire type 7", bytes(1 << 3 | 7, 0));
        all.put("field number 0", bytes(2, 0));
        all.put("a span's name that is no UTF-8", inScope(message(5, bytes(0xc3, 0x28))));
        all.put("a key that is no UTF-8", inSpan(keyValue(bytes(0xff, 0xfe), new byte[0])));
        all.put("a string value that is an overlong form", inSpan(keyValue(bytes('k'), message(1, bytes(0xc0, 0x80)))));
        return all;
    }

    private static byte[] nested(int depth, boolean array) {
        byte[] value = new byte[0];
        for (int i = 0; i < depth; i++) {
            // AnyValue.array_value { values } or AnyValue.kvlist_value { values { value } }
            value = array ? message(5, message(1, value)) : message(6, message(1, message(2, value)));
        }
        return keyValue(bytes('k'), value);
    }

    private static byte[] keyValue(byte[] key, byte[] value) {
        return concat(message(1, key), message(2, value));
    }

    private static byte[] inSpan(byte[] attribute) {
        return inScope(message(9, attribute));
    }

    /** ExportTraceServiceRequest { ResourceSpans { ScopeSpans { Span } } } */
    private static byte[] inScope(byte[] span) {
        return message(1, message(2, message(2, span)));
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
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** A span with every kind of value, events, links and fields that nobody knows. */
    private static byte[] rich() {
        AnyValue text = AnyValue.newBuilder().setStringValue("größer").build();
        KeyValue pair = KeyValue.newBuilder().setKey("k").setValue(text).build();
        Span.Builder span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(new byte[16]))
                .setSpanId(ByteString.copyFrom(new byte[8]))
                .setTraceState("a=b")
                .setName("all")
                .addAttributes(pair)
                .addEvents(
                        Span.Event.newBuilder().setName("e").setTimeUnixNano(5).addAttributes(pair))
                .addLinks(Span.Link.newBuilder()
                        .setTraceId(ByteString.copyFrom(new byte[16]))
                        .setSpanId(ByteString.copyFrom(new byte[8]))
                        .addAttributes(pair))
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                77,
                                UnknownFieldSet.Field.newBuilder()
                                        .addGroup(UnknownFieldSet.getDefaultInstance())
                                        .addFixed32(1)
                                        .build())
                        .build());
        for (AnyValue value : List.of(
                AnyValue.newBuilder().setBoolValue(true).build(),
                AnyValue.newBuilder().setIntValue(-1).build(),
                AnyValue.newBuilder().setDoubleValue(Double.NaN).build(),
                AnyValue.newBuilder()
                        .setBytesValue(ByteString.copyFrom(new byte[9]))
                        .build(),
                AnyValue.newBuilder()
                        .setArrayValue(ArrayValue.newBuilder().addValues(text).addValues(text))
                        .build(),
                AnyValue.newBuilder()
                        .setKvlistValue(KeyValueList.newBuilder().addValues(pair))
                        .build())) {
            span.addAttributes(KeyValue.newBuilder().setKey("v").setValue(value));
        }
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);
        return request.build().toByteArray();
    }

    private static byte[] mutate(byte[] golden, Random random) {
        byte[] b = golden.clone();
        switch (random.nextInt(5)) {
            case 0 -> b = Arrays.copyOf(b, random.nextInt(b.length));
            case 1 -> b[random.nextInt(b.length)] ^= (byte) (1 << random.nextInt(8));
            case 2 -> {
                for (int i = 0; i < 16; i++) {
                    b[random.nextInt(b.length)] = (byte) random.nextInt();
                }
            }
            case 3 -> {
                int at = random.nextInt(b.length - 12);
                Arrays.fill(b, at, at + 11, (byte) 0xff);
            }
            default -> {
                int from = random.nextInt(b.length);
                int end = from + random.nextInt(Math.min(64, b.length - from));
                b = concat(Arrays.copyOf(b, end), Arrays.copyOfRange(b, from, b.length));
            }
        }
        return b;
    }

    private int post(Topology weir, byte[] body, String type) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(weir.http() + "/v1/traces"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
