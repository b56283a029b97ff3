package weir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.exporter.nop.NopExporterFactory;
import weir.load.Ports;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.OtlpCheck;
import weir.otlp.Signal;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components;
import weir.pipeline.Components.Kind;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.Processor;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.PipelineModel;
import weir.processor.filter.FilterProcessorFactory;
import weir.processor.transform.TransformProcessorFactory;
import weir.receiver.nop.NopReceiverFactory;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;

/**
 * The real collector, and Weir's {@code filter} and {@code transform}, with the same file of many statements, given the same
 * random telemetry: of each request both must make the same, field by field, or refuse it. {@code -Dstatements.seed=N} sends
 * other telemetry.
 */
@Tag("peers")
class StatementsBesideCollectorTest {
    private static final long SEED = Long.getLong("statements.seed", 20261122);
    private static final int REQUESTS = 40;

    /** Shapes of which the collector makes something else, each named by a test below. */
    private static final Set<String> DIFFERENT =
            Set.of("traces/transform_flatten", "metrics/transform_buckets", "logs/transform_append_to_maps");

    private static final List<Shape> SHAPES = new ArrayList<>();
    private static final Map<Signal, List<Message>> SENT = new HashMap<>();

    /** By shape, what came of each request that was sent. */
    private static final Map<Shape, List<Outcome>> COLLECTOR = new HashMap<>();

    private static final Map<Shape, List<Outcome>> WEIR = new HashMap<>();

    /** A processor that makes a pipeline of its own. */
    record Shape(Signal signal, ComponentId id) {
        /** {@code traces/filter_name}: of its pipeline, its exporter and where that sends. */
        String path() {
            return signal.label() + "/" + id.type()
                    + id.name().substring(signal.label().length());
        }

        boolean propagates() {
            return id.name().endsWith("_propagate");
        }

        @Override
        public String toString() {
            return path();
        }
    }

    /** What came of a request. */
    private record Outcome(boolean taken, List<String> passedOn) {}

    @BeforeAll
    static void sendTheSameToBoth(@TempDir Path directory) throws Exception {
        String processors = processors();
        Pattern.compile("^  (filter|transform)/((traces|metrics|logs)_\\w+):", Pattern.MULTILINE)
                .matcher(processors)
                .results()
                .forEach(r -> SHAPES.add(new Shape(
                        Signal.valueOf(r.group(3).toUpperCase(Locale.ROOT)), new ComponentId(r.group(1), r.group(2)))));
        for (Signal signal : Signal.values()) {
            SENT.put(signal, new RandomTelemetry(SEED + signal.ordinal()).requests(signal, REQUESTS));
        }
        collect(directory, processors);
        transform(processors);
    }

    private static String processors() throws IOException {
        try (InputStream in = StatementsBesideCollectorTest.class.getResourceAsStream("statement-shapes.yaml")) {
            return new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Message> sent(Signal signal) {
        return requireNonNull(SENT.get(signal));
    }

    private static void note(Map<Shape, List<Outcome>> outcomes, Shape shape, boolean taken, List<Message> passedOn) {
        outcomes.computeIfAbsent(shape, s -> new ArrayList<>())
                .add(new Outcome(taken, passedOn.stream().map(Said::by).toList()));
    }

    private static void collect(Path directory, String processors) throws Exception {
        List<Shape> apart = SHAPES.stream().filter(Shape::propagates).toList();
        int[] ports = Ports.free(1 + apart.size());
        try (RecordingBackends backends = new RecordingBackends()) {
            Path file = Files.writeString(
                    directory.resolve("collector.yaml"), file(processors, apart, ports, backends.port()));
            try (Program program = new Program(
                    "otelcol", directory, List.of(Peers.path("otelcol"), "--config", file.toString()), Map.of())) {
                for (int port : ports) {
                    BesideCollector.awaitListening(program, port);
                }
                try (GrpcPost target = GrpcPost.to("127.0.0.1:" + ports[0])) {
                    together(target, backends, program);
                }
                for (int i = 0; i < apart.size(); i++) {
                    try (GrpcPost target = GrpcPost.to("127.0.0.1:" + ports[1 + i])) {
                        alone(apart.get(i), target, backends);
                    }
                }
            }
        }
    }

    /** All shapes that refuse nothing. An answer means that all backends have what is theirs: there are no queues. */
    private static void together(GrpcPost target, RecordingBackends backends, Program program) {
        for (Signal signal : Signal.values()) {
            for (Message request : sent(signal)) {
                assertThat(target.send(signal, request.toByteArray()))
                        .as(() -> target.last() + program.stderr())
                        .isEqualTo(Status.Code.OK);
                SHAPES.stream()
                        .filter(s -> s.signal() == signal && !s.propagates())
                        .forEach(s -> note(COLLECTOR, s, true, backends.take(s.path())));
            }
        }
    }

    private static void alone(Shape shape, GrpcPost target, RecordingBackends backends) {
        for (Message request : sent(shape.signal())) {
            boolean taken = target.send(shape.signal(), request.toByteArray()) == Status.Code.OK;
            note(COLLECTOR, shape, taken, backends.take(shape.path()));
        }
    }

    private static String file(String processors, List<Shape> apart, int[] ports, int backend) {
        StringBuilder file = new StringBuilder("""
                receivers:
                  otlp: {protocols: {grpc: {endpoint: "127.0.0.1:%d"}}}
                """.formatted(ports[0]));
        for (int i = 0; i < apart.size(); i++) {
            file.append("""
                  otlp/%s: {protocols: {grpc: {endpoint: "127.0.0.1:%d"}}}
                """.formatted(exporter(apart.get(i)), ports[1 + i]));
        }
        file.append("exporters:\n");
        SHAPES.forEach(shape -> file.append("""
                  otlphttp/%s:
                    endpoint: "http://127.0.0.1:%d/%s"
                    compression: none
                    sending_queue: {enabled: false}
                    retry_on_failure: {enabled: false}
                """.formatted(exporter(shape), backend, shape.path())));
        file.append(processors).append("""
                service:
                  telemetry: {metrics: {level: none}, logs: {level: error}}
                  pipelines:
                """);
        SHAPES.forEach(shape -> file.append("""
                    %s: {receivers: [otlp%s], processors: [%s], exporters: [otlphttp/%s]}
                """.formatted(
                        shape.path(), shape.propagates() ? "/" + exporter(shape) : "", shape.id(), exporter(shape))));
        return file.toString();
    }

    private static String exporter(Shape shape) {
        return shape.path().replace('/', '_');
    }

    private static void transform(String processors) throws Exception {
        Components components = Components.of(
                "gateway",
                new NopReceiverFactory(),
                new FilterProcessorFactory(),
                new TransformProcessorFactory(),
                new NopExporterFactory());
        StringBuilder file = new StringBuilder("receivers: {nop: {}}\nexporters: {nop: {}}\n" + processors);
        file.append("service:\n  pipelines:\n");
        SHAPES.forEach(shape -> file.append("    %s: {receivers: [nop], processors: [%s], exporters: [nop]}\n"
                .formatted(shape.path(), shape.id())));
        PipelineModel model = PipelineFiles.load("weir.yaml", file.toString(), components, _ -> null)
                .orThrow();
        for (Shape shape : SHAPES) {
            RecordingConsumer end = new RecordingConsumer();
            Consumer processor = processor(requireNonNull(model.find(Kind.PROCESSOR, shape.id())), shape.signal(), end);
            int seen = 0;
            for (Message request : sent(shape.signal())) {
                List<Delivery> deliveries = new ArrayList<>();
                byte[] bytes = request.toByteArray();
                processor.consume(OtlpCheck.check(shape.signal(), bytes, 0, bytes.length), deliveries::add);
                assertThat(deliveries).as(shape.path()).hasSize(1);
                Delivery answer = deliveries.getFirst();
                assertThat(answer.equals(Delivery.ACCEPTED)
                                || (shape.propagates() && answer instanceof Delivery.Rejected))
                        .as(() -> shape + " answered " + answer)
                        .isTrue();
                List<Batch> made = end.batches();
                note(
                        WEIR,
                        shape,
                        answer.equals(Delivery.ACCEPTED),
                        messages(shape.signal(), made.subList(seen, made.size())));
                seen = made.size();
            }
        }
    }

    /** What was passed on, which must be well formed and hold as many items as it says. */
    private static List<Message> messages(Signal signal, List<Batch> batches)
            throws InvalidProtocolBufferException, MalformedOtlpException {
        List<Message> messages = new ArrayList<>();
        for (Batch batch : batches) {
            byte[] out = new byte[batch.length()];
            System.arraycopy(batch.bytes(), batch.offset(), out, 0, out.length);
            assertThat(OtlpCheck.check(signal, out, 0, out.length).items()).isEqualTo(batch.items());
            messages.add(RandomTelemetry.parse(signal, out));
        }
        return messages;
    }

    private static <C extends Record> Processor processor(
            PipelineModel.Configured<C> configured, Signal signal, Consumer next) {
        var factory = (ComponentFactory.OfProcessor<C>) configured.factory();
        return factory.create(
                TestContexts.of("processor", configured.id().toString(), signal), configured.config(), next);
    }

    static Stream<Shape> alike() {
        return SHAPES.stream().filter(s -> !DIFFERENT.contains(s.path()));
    }

    @ParameterizedTest
    @MethodSource("alike")
    void bothMakeTheSameOfIt(Shape shape) {
        List<Outcome> collector = requireNonNull(COLLECTOR.get(shape));
        List<Outcome> weir = requireNonNull(WEIR.get(shape));
        for (int i = 0; i < collector.size(); i++) {
            assertThat(firstDifference(collector.get(i), weir.get(i)))
                    .as("request %d, seed %d", i, SEED)
                    .isEmpty();
        }
    }

    /** Where two differ for the first time, in a few lines of both; empty if they do not. */
    private static String firstDifference(Outcome collector, Outcome weir) {
        if (collector.equals(weir)) {
            return "";
        }
        if (collector.taken() != weir.taken()) {
            return "the collector %s it, Weir %s it"
                    .formatted(collector.taken() ? "took" : "refused", weir.taken() ? "took" : "refused");
        }
        List<String> a = String.join("\n", collector.passedOn()).lines().toList();
        List<String> b = String.join("\n", weir.passedOn()).lines().toList();
        int same = 0;
        while (same < Math.min(a.size(), b.size()) && a.get(same).equals(b.get(same))) {
            same++;
        }
        return "collector:\n%s\nWeir:\n%s".formatted(around(a, same), around(b, same));
    }

    private static String around(List<String> lines, int at) {
        return String.join(
                "\n", lines.subList(Math.max(0, Math.min(at, lines.size()) - 12), Math.min(lines.size(), at + 4)));
    }

    private static Shape shape(String path) {
        return SHAPES.stream().filter(s -> s.path().equals(path)).findFirst().orElseThrow();
    }

    private static String ofCollector(String path) {
        return requireNonNull(COLLECTOR.get(shape(path))).toString();
    }

    private static String ofWeir(String path) {
        return requireNonNull(WEIR.get(shape(path))).toString();
    }

    /** Of lists within lists the collector joins the last two indexes without a point, so that 1 and 0 become 10. */
    @Test
    void flatten_theCollectorJoinsInnerIndexes_weirPutsAPointBetween() {
        Pattern inner = Pattern.compile("key: [a-z.]+\\.[0-9]\\.[0-9]");
        Pattern joined = Pattern.compile("key: [a-z.]+\\.[0-9][0-9]");

        assertThat(ofCollector("traces/transform_flatten")).containsPattern(joined);
        assertThat(ofWeir("traces/transform_flatten")).containsPattern(inner).doesNotContainPattern(joined);
    }

    @Test
    void bucketCounts_theCollectorSetsNoValue_weirAList() {
        Pattern list = Pattern.compile("key: buckets\n +value\n +array_value");

        assertThat(ofCollector("metrics/transform_buckets"))
                .contains("key: buckets\n")
                .doesNotContainPattern(list);
        assertThat(ofWeir("metrics/transform_buckets")).containsPattern(list);
    }

    @Test
    void append_theCollectorCannotDoItToAMap_weirMakesItTheFirstElement() {
        List<Outcome> untouched = sent(Signal.LOGS).stream()
                .map(request -> new Outcome(true, List.of(Said.by(request))))
                .toList();

        assertThat(COLLECTOR.get(shape("logs/transform_append_to_maps"))).isEqualTo(untouched);
        assertThat(WEIR.get(shape("logs/transform_append_to_maps"))).isNotEqualTo(untouched);
    }

    static Stream<Shape> all() {
        return SHAPES.stream();
    }

    /** One that never does anything would be alike in any case; one that refuses must not refuse all. */
    @ParameterizedTest
    @MethodSource("all")
    void itDoesSomething(Shape shape) {
        List<Outcome> weir = requireNonNull(WEIR.get(shape));
        List<Outcome> untouched = sent(shape.signal()).stream()
                .map(request -> new Outcome(true, List.of(Said.by(request))))
                .toList();

        assertThat(weir).isNotEqualTo(untouched);
        if (shape.propagates()) {
            assertThat(weir.stream().map(Outcome::taken)).contains(true, false);
        }
    }
}
