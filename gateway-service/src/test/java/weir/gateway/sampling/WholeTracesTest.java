package weir.gateway.sampling;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.latency;
import static weir.gateway.sampling.Configs.probabilistic;
import static weir.gateway.sampling.Configs.status;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.gateway.sampling.TailSamplingConfig.OversizedTraces;
import weir.otlp.Batch;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

/** Random traces in random pieces and order, against a model that is slow and obvious. */
class WholeTracesTest {
    private static final long BASE = 1_700_000_000_000_000_000L;

    /** The model: the policies as the collector words them, over the spans of a trace in the order of arrival. */
    private static @Nullable String keepingPolicy(List<PolicyConfig> policies, List<Span> spans) {
        for (PolicyConfig policy : policies) {
            boolean keep = switch (policy.type()) {
                case "always_sample" -> true;
                case "status_code" ->
                    spans.stream()
                            .anyMatch(s -> requireNonNull(policy.statusCode()).statusCodes().stream()
                                    .anyMatch(code ->
                                            s.getStatus().getCode().name().endsWith("_" + code)));
                case "latency" -> slow(requireNonNull(policy.latency()), spans);
                case "probabilistic" ->
                    fnv("default-hash-seed", spans.getFirst().getTraceId().toByteArray())
                            <= requireNonNull(policy.probabilistic()).samplingPercentage() / 100 * Math.pow(2, 64);
                default -> throw new AssertionError(policy.type());
            };
            if (keep) {
                return policy.name();
            }
        }
        return null;
    }

    private static boolean slow(PolicySections.LatencyConfig latency, List<Span> spans) {
        long min = 0;
        long max = 0;
        for (Span span : spans) {
            min = min == 0 || span.getStartTimeUnixNano() < min ? span.getStartTimeUnixNano() : min;
            max = max == 0 || span.getEndTimeUnixNano() > max ? span.getEndTimeUnixNano() : max;
            long millis = (max - min) / 1_000_000;
            if (latency.upperThresholdMs() == 0
                    ? millis >= latency.thresholdMs()
                    : latency.thresholdMs() < millis && millis <= latency.upperThresholdMs()) {
                return true;
            }
        }
        return false;
    }

    private static double fnv(String salt, byte[] id) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : salt.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        for (byte b : id) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return (hash >>> 1) * 2.0;
    }

    static Stream<Arguments> policies() {
        return Stream.of(
                Arguments.argumentSet("status", List.of(status("errors", "ERROR"))),
                Arguments.argumentSet("any status", List.of(status("known", "OK", "ERROR"))),
                Arguments.argumentSet("unset", List.of(status("unset", "UNSET"))),
                Arguments.argumentSet("latency", List.of(latency("slow", 900, 0))),
                Arguments.argumentSet("latency in a range", List.of(latency("middle", 300, 700))),
                Arguments.argumentSet("probability", List.of(probabilistic("some", 30))),
                Arguments.argumentSet(
                        "several",
                        List.of(
                                latency("odd", 400, 420),
                                status("errors", "ERROR"),
                                latency("slow", 950, 0),
                                probabilistic("some", 10))),
                Arguments.argumentSet("everything", List.of(status("errors", "ERROR"), always("all"))));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void decide_wholeTraces_asTheModelSays(List<PolicyConfig> policies) {
        SplittableRandom random = new SplittableRandom(policies.hashCode());
        Sampler sampler =
                new Sampler(Configs.of(policies.toArray(PolicyConfig[]::new)).shards(random.nextInt(1, 4)));
        Map<Long, List<Span>> sent = new LinkedHashMap<>();
        for (List<Span> request : requests(400, random)) {
            Batch batch = Spans.scattered(request, random);
            // The order in which spans lie in a request is that of their arrival.
            for (Span span : Spans.spansOf(Spans.parse(batch))) {
                sent.computeIfAbsent(trace(span), t -> new ArrayList<>()).add(span);
            }
            assertThat(sampler.send(batch)).isEqualTo(Delivery.ACCEPTED);
        }

        sampler.decide();

        Map<Long, List<Span>> kept = new HashMap<>();
        sampler.kept()
                .forEach(s ->
                        kept.computeIfAbsent(trace(s), t -> new ArrayList<>()).add(s));
        assertThat(sent).allSatisfy((trace, spans) -> {
            String policy = keepingPolicy(policies, spans);
            if (policy == null) {
                assertThat(kept).doesNotContainKey(trace);
            } else {
                assertThat(requireNonNull(kept.get(trace)).stream().map(Sampler::number))
                        .containsExactlyInAnyOrderElementsOf(
                                spans.stream().map(Sampler::number).toList());
                assertThat(kept.get(trace))
                        .allSatisfy(s -> assertThat(Sampler.attribute(s, "tailsampling.policy"))
                                .isEqualTo(policy));
            }
        });
        assertThat(kept.keySet()).isSubsetOf(sent.keySet());
        sampler.assertIdle();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void decide_earlyLateAndUnderPressure_neverSplitsATrace(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Configs configs = Configs.of(status("errors", "ERROR"), probabilistic("some", 20))
                .shards((int) seed % 3 + 1)
                .heldMib(1)
                .afterRoot(seed % 2 == 0 ? Duration.ofSeconds(1) : Duration.ZERO)
                .numTraces(seed % 3 == 0 ? 60 : 0)
                .maxTraceBytes(seed % 2 == 0 ? 6000 : 0, OversizedTraces.DECIDE);
        Sampler sampler = new Sampler(configs);
        Map<Long, Set<Long>> accepted = new HashMap<>();
        int refusals = 0;
        for (int round = 0; round < 8; round++) {
            for (List<Span> request : requests(120, random)) {
                if (random.nextInt(4) == 0) {
                    sampler.next.then(Delivery.retryLater(Duration.ofMillis(100), Reason.QUEUE_FULL, "busy"));
                }
                Delivery delivery = sampler.send(Spans.scattered(request, random));
                if (delivery.equals(Delivery.ACCEPTED)) {
                    request.forEach(s -> accepted.computeIfAbsent(trace(s), t -> new HashSet<>())
                            .add(Sampler.number(s)));
                } else {
                    refusals++;
                }
                sampler.advance(Duration.ofMillis(random.nextInt(10) == 0 ? 3_000 : 100));
            }
        }
        sampler.decide();
        sampler.advance(Duration.ofSeconds(60));

        Map<Long, Set<Long>> kept = new HashMap<>();
        Set<Long> once = new HashSet<>();
        // A batch that was refused came again later with the same bytes: only the last attempt counts.
        Map<Long, Long> delivered = new HashMap<>();
        sampler.kept().forEach(s -> {
            delivered.merge(Sampler.number(s), 1L, Long::sum);
            once.add(Sampler.number(s));
            kept.computeIfAbsent(trace(s), t -> new HashSet<>()).add(Sampler.number(s));
        });
        assertThat(kept)
                .isNotEmpty()
                .allSatisfy((trace, spans) -> assertThat(spans).isEqualTo(accepted.get(trace)));
        assertThat(kept.size()).isLessThan(accepted.size());
        assertThat(sampler.context.ledger().deliveredItems()).isEqualTo(once.size());
        assertThat(refusals).isLessThan(100);
        sampler.assertIdle();
    }

    private static long nextNumber = 1;

    /** Traces in random pieces: most soon, some of their spans much later. */
    private static List<List<Span>> requests(int traces, SplittableRandom random) {
        List<List<Span>> requests = new ArrayList<>();
        int width = 12;
        for (int i = 0; i < traces / 4; i++) {
            requests.add(new ArrayList<>());
        }
        for (int t = 0; t < traces; t++) {
            long trace = random.nextLong();
            int first = random.nextInt(requests.size());
            int spans = random.nextInt(1, random.nextInt(2, 30));
            for (int n = 0; n < spans; n++) {
                int at = Math.min(requests.size() - 1, first + random.nextInt(width));
                requests.get(at).add(span(trace, random));
            }
        }
        requests.removeIf(List::isEmpty);
        return requests;
    }

    private static Span span(long trace, SplittableRandom random) {
        long start = BASE + random.nextLong(1_000_000_000L);
        Span.Builder span = random.nextInt(8) == 0 ? Spans.root(trace, nextNumber++) : Spans.span(trace, nextNumber++);
        span.setStartTimeUnixNano(start).setEndTimeUnixNano(start + random.nextLong(100_000_000L));
        if (random.nextInt(3) == 0) {
            span.addAttributes(Spans.attribute("payload", "p".repeat(random.nextInt(2000))));
        }
        switch (random.nextInt(40)) {
            case 0 -> span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
            case 1, 2 -> span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_OK));
            default -> {}
        }
        return span.build();
    }

    private static long trace(Span span) {
        ByteBuffer id = span.getTraceId().asReadOnlyByteBuffer();
        return id.getLong(8);
    }
}
