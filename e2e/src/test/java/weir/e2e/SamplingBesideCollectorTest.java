package weir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import weir.load.Ports;

/**
 * The real collector and Weir with the same file of many {@code tail_sampling} processors, given the same random traces: both
 * must keep the same ones, each whole and unchanged. {@code -Dsampling.seed=N} sends others.
 */
@Tag("peers")
class SamplingBesideCollectorTest {
    private static final long SEED = Long.getLong("sampling.seed", 20261121);
    private static final Duration A_WHILE = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 4;
    private static final int SCATTERED = 600;
    private static final int LIMITED = 40;
    private static final int NAMESAKES = 20;

    /**
     * Traces must be sent within this, or a sampler that waits seven seconds after a root decides about pieces: the collector counts
     * the second that has begun.
     */
    private static final long MOST_MILLIS_OF_A_TRACE = 5500;

    private static final Set<String> DIFFERENT =
            Set.of("few_traces", "small_traces", "cache_of_half_an_id", "ingest_without_cache");
    private static final Set<String> KEEP_ALL_OR_NONE =
            Set.of("always", "probability_all", "probability_none", "composite_share_of_few", "ingest_drop");

    private static final RandomTraces TRACES = new RandomTraces(SEED);
    private static final List<String> SHAPES = new ArrayList<>();
    private static Map<ByteString, Set<Long>> spansOf = Map.of();
    private static Map<String, Map<Long, Integer>> collector = Map.of();
    private static Map<String, Map<Long, Integer>> weir = Map.of();

    private static final Map<String, Map<String, String>> AMISS = new HashMap<>();
    private static final Map<String, Double> LOST = new HashMap<>();

    /** A machine that stood still while a trace was sent: what is decided then is about pieces, and says nothing. */
    private static final class TooSlow extends Exception {
        private static final long serialVersionUID = 1;

        private TooSlow(long millis) {
            super(millis + " ms over which a trace was sent");
        }
    }

    @BeforeAll
    static void sendTheSameToBoth(@TempDir Path directory) throws Exception {
        // Few in a request, so that a busy machine takes both requests of a trace within the bound.
        TRACES.addScattered(SCATTERED, 5);
        TRACES.addLimited(LIMITED);
        TRACES.addNamesakes(NAMESAKES);
        List<ExportTraceServiceRequest> inTime = TRACES.inTime();
        List<ExportTraceServiceRequest> late = TRACES.late();
        spansOf = TRACES.traceOf().entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toSet())));
        Path file = Files.writeString(directory.resolve("both.yaml"), file());
        SamplingProgress ofCollector =
                new SamplingProgress.OfCollector(SHAPES, Set.of("few_traces", "small_traces"), NAMESAKES);
        collector = kept("otelcol", ofCollector, directory, file, inTime, late);
        weir = kept("weir", new SamplingProgress.OfWeir(), directory, file, inTime, late);
    }

    /**
     * What the backends of a program have when it was sent everything and has decided it, by shape; one after the other, so that
     * each has the machine to itself. Begun anew when the machine stood still.
     */
    private static Map<String, Map<Long, Integer>> kept(
            String name,
            SamplingProgress progress,
            Path directory,
            Path file,
            List<ExportTraceServiceRequest> inTime,
            List<ExportTraceServiceRequest> late)
            throws Exception {
        for (int attempt = 1; ; attempt++) {
            Path own = directory.resolve(name + attempt);
            try (ManyBackends backends = new ManyBackends()) {
                Map<String, Map<Long, Integer>> kept = kept(name, backends, progress, own, file, inTime, late);
                AMISS.put(name, backends.amiss());
                return kept;
            } catch (TooSlow e) {
                if (attempt == ATTEMPTS) {
                    throw new AssertionError("the machine is too busy for both to see the same", e);
                }
            }
        }
    }

    private static Map<String, Map<Long, Integer>> kept(
            String name,
            ManyBackends backends,
            SamplingProgress progress,
            Path directory,
            Path file,
            List<ExportTraceServiceRequest> inTime,
            List<ExportTraceServiceRequest> late)
            throws Exception {
        int[] ports = Ports.free(2);
        String metrics = "http://127.0.0.1:" + ports[1] + "/metrics";
        try (Program program = BesideCollector.start(name, directory, file, ports, backends.port(), environment());
                GrpcPost target = GrpcPost.to("127.0.0.1:" + ports[0])) {
            Set<ByteString> traces = new HashSet<>();
            for (List<ExportTraceServiceRequest> requests : List.of(inTime, late)) {
                send(requests, target);
                spans(requests).forEach(span -> traces.add(traceOf(span)));
                progress.sent(Scrape.of(metrics));
                Await.until(
                        name + " to decide all",
                        A_WHILE,
                        () -> progress.missing(Scrape.of(metrics), traces.size())
                                .isEmpty(),
                        () -> progress.missing(Scrape.of(metrics), traces.size()) + "\n" + program.stdout()
                                + program.stderr());
            }
            LOST.put(name, progress.lost(Scrape.of(metrics)));
            return SHAPES.stream().collect(Collectors.toMap(s -> s, backends::spans));
        }
    }

    /** The shapes, and around them what makes each of them a pipeline. */
    private static String file() throws IOException {
        String shapes;
        try (InputStream in = SamplingBesideCollectorTest.class.getResourceAsStream("tail-sampling-shapes.yaml")) {
            shapes = new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        Pattern.compile("^  tail_sampling/(\\w+):", Pattern.MULTILINE)
                .matcher(shapes)
                .results()
                .forEach(r -> SHAPES.add(r.group(1)));
        assertThat(SHAPES).hasSizeGreaterThan(40).doesNotHaveDuplicates();
        StringBuilder file = new StringBuilder("""
                receivers:
                  otlp: {protocols: {grpc: {endpoint: "127.0.0.1:${env:OTLP_PORT}"}}}
                exporters:
                """);
        SHAPES.forEach(s -> file.append("""
                  otlphttp/%s:
                    endpoint: "http://127.0.0.1:${env:BACKEND_PORT}/%s"
                    compression: none
                    sending_queue: {num_consumers: 2, queue_size: 100000}
                    retry_on_failure: {initial_interval: 100ms}
                """.formatted(s, s)));
        file.append(shapes).append("""
                service:
                  telemetry:
                    metrics:
                      readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: "${env:METRICS_PORT}"}}}}]
                  pipelines:
                """);
        SHAPES.forEach(s -> file.append("""
                    traces/%s: {receivers: [otlp], processors: [tail_sampling/%s], exporters: [otlphttp/%s]}
                """.formatted(s, s, s)));
        return file.toString();
    }

    /** What the file takes from outside, and room: each processor begins with a segment of some MiB. */
    private static Map<String, String> environment() {
        int tenTraces = 10 * TRACES.limitedBytes();
        return Map.of(
                "TEN_TRACES",
                "" + tenTraces,
                "NEARLY_TEN_TRACES",
                "" + (tenTraces - 60),
                "LONG_STATE",
                RandomTraces.LONG_STATE,
                "WEIR_JAVA_OPTS",
                "-Xmx1500m");
    }

    private static void send(List<ExportTraceServiceRequest> requests, GrpcPost target) throws TooSlow {
        Map<ByteString, Long> begun = new HashMap<>();
        for (ExportTraceServiceRequest request : requests) {
            long before = System.nanoTime();
            assertThat(target.send(request.toByteArray()))
                    .as(() -> target.last().toString())
                    .isEqualTo(Status.Code.OK);
            long now = System.nanoTime();
            for (Long span : spans(List.of(request))) {
                long millis = (now - begun.computeIfAbsent(traceOf(span), t -> before)) / 1_000_000;
                if (millis > MOST_MILLIS_OF_A_TRACE) {
                    throw new TooSlow(millis);
                }
            }
        }
    }

    private static Set<Long> spans(List<ExportTraceServiceRequest> requests) {
        return requests.stream()
                .flatMap(r -> r.getResourceSpansList().stream())
                .map(ResourceSpans::getScopeSpansList)
                .flatMap(List::stream)
                .flatMap(s -> s.getSpansList().stream())
                .map(RandomTraces::number)
                .collect(Collectors.toSet());
    }

    private static Map<Long, Integer> collector(String shape) {
        return collector.getOrDefault(shape, Map.of());
    }

    private static Map<Long, Integer> weir(String shape) {
        return weir.getOrDefault(shape, Map.of());
    }

    private static int content(Long span) {
        RandomTraces.Sent sent = requireNonNull(TRACES.sent().get(span));
        return ManyBackends.content(sent.resource(), sent.scope(), sent.span());
    }

    private static ByteString traceOf(Long span) {
        return requireNonNull(TRACES.traceOf().get(span));
    }

    /** The traces of which anything was kept. */
    private static Set<ByteString> traces(Map<Long, Integer> spans) {
        return spans.keySet().stream().map(SamplingBesideCollectorTest::traceOf).collect(Collectors.toSet());
    }

    static Stream<String> alike() {
        return SHAPES.stream().filter(s -> !DIFFERENT.contains(s) && !s.startsWith("limit_"));
    }

    @ParameterizedTest
    @MethodSource("alike")
    void bothKeepTheSameTraces_eachWholeAndUnchanged(String shape) {
        Map<Long, Integer> expected = collector(shape);
        Set<ByteString> onlyCollector = traces(expected);
        onlyCollector.removeAll(traces(weir(shape)));
        Set<ByteString> onlyWeir = traces(weir(shape));
        onlyWeir.removeAll(traces(expected));

        assertThat(describe(onlyCollector))
                .as("only the collector keeps, seed " + SEED)
                .isEmpty();
        assertThat(describe(onlyWeir)).as("only Weir keeps, seed " + SEED).isEmpty();
        assertWhole("the collector", expected);
        assertWhole("Weir", weir(shape));
        if (!KEEP_ALL_OR_NONE.contains(shape)) {
            assertThat(traces(expected)).hasSizeBetween(2, spansOf.size() - 2);
        }
    }

    /** Some of the traces, in full. */
    private static List<String> describe(Set<ByteString> traces) {
        return traces.stream().limit(2).map(t -> TRACES.describe(t)).toList();
    }

    /** Of each trace of which anything was kept, all spans were, as they had been sent. */
    private static void assertWhole(String who, Map<Long, Integer> kept) {
        Set<Long> expected = new HashSet<>();
        traces(kept).forEach(t -> expected.addAll(spansOf.getOrDefault(t, Set.of())));
        Set<Long> missing = new HashSet<>(expected);
        missing.removeAll(kept.keySet());
        assertThat(missing)
                .as("spans that %s lost of traces that it kept, seed %d", who, SEED)
                .isEmpty();
        kept.forEach((span, content) -> assertThat(content)
                .as(() -> who + " changed span " + span + ": " + TRACES.describe(traceOf(span)))
                .isEqualTo(content(span)));
    }

    @Test
    void nothingWasRefusedOrGivenUp() {
        assertThat(LOST).containsExactlyInAnyOrderEntriesOf(Map.of("otelcol", 0.0, "weir", 0.0));
    }

    @Test
    void nothingCameTwice() {
        assertThat(AMISS).containsExactlyInAnyOrderEntriesOf(Map.of("otelcol", Map.of(), "weir", Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "limit_of_spans, 10",
        "limit_smaller_than_a_trace, 0",
        "limit_of_bytes, 10",
        "limit_of_fewer_bytes, 9",
        "limit_first_match, 30"
    })
    void bothKeepAsManyTraces_asALimitAllows(String shape, int traces) {
        assertThat(traces(collector(shape))).as("the collector").hasSize(traces);
        assertThat(traces(weir(shape))).as("Weir").hasSize(traces);
        assertWhole("Weir", weir(shape));
    }

    /** When {@code num_traces} is reached, the collector forgets the oldest trace undecided. Weir decides it early. */
    @Test
    void fewTraces_theCollectorForgetsSome_weirDecidesThemEarly() {
        assertThat(traces(collector("few_traces"))).hasSizeLessThan(spansOf.size() / 2);
        assertThat(traces(weir("few_traces"))).isEqualTo(spansOf.keySet());
        assertWhole("Weir", weir("few_traces"));
    }

    /** The collector drops what exceeds {@code maximum_trace_size_bytes} unseen. Weir asks the policies about it at once. */
    @Test
    void smallTraces_theCollectorDropsLargerOnesUnseen_weirAsksItsPolicies() {
        assertThat(traces(collector("small_traces"))).hasSizeBetween(20, spansOf.size() - 20);
        assertThat(traces(weir("small_traces"))).isEqualTo(spansOf.keySet());
        assertWhole("Weir", weir("small_traces"));
    }

    /** The collector's caches know half of an id, so that one trace meets another's decision. Weir's know all of it. */
    @Test
    void cacheOfHalfAnId_theCollectorConfusesTraces_weirDoesNot() {
        Set<ByteString> right = TRACES.with("namesake", "kept");

        assertThat(right).hasSize(NAMESAKES);
        assertThat(traces(weir("cache_of_half_an_id"))).isEqualTo(right);
        assertThat(traces(collector("cache_of_half_an_id"))).hasSize(NAMESAKES).isNotEqualTo(right);
    }

    /**
     * What nobody kept when its wait was over, the collector's {@code span-ingest} forgets unless it has a cache, and keeps
     * late spans of it alone. Weir remembers.
     */
    @Test
    void ingestWithoutCache_theCollectorKeepsLateSpansAlone_weirDoesNot() {
        Map<Long, Integer> kept = collector("ingest_without_cache");
        Set<ByteString> split = traces(kept);
        split.removeIf(t -> kept.keySet().containsAll(spansOf.getOrDefault(t, Set.of())));

        assertThat(split).as("traces that the collector splits").isNotEmpty();
        assertThat(weir("ingest_without_cache")).isEqualTo(weir("ingest"));
        assertWhole("Weir", weir("ingest_without_cache"));
    }
}
