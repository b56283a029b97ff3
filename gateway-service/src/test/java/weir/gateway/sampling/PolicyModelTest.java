package weir.gateway.sampling;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import weir.gateway.sampling.PolicyModel.Outcome;
import weir.gateway.sampling.PolicyModel.Piece;
import weir.pipeline.Delivery;

/** Random policies over random traces in random pieces, against {@link PolicyModel}. */
class PolicyModelTest {
    private static final int TRACES = 150;

    private final Map<Long, List<List<Piece>>> sent = new LinkedHashMap<>();
    private long nextSpan = 1;

    @RepeatedTest(150)
    void decide_randomPolicies_asTheModelSays(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        RandomPolicies random = new RandomPolicies(seed);
        List<PolicyConfig> policies = random.policies(false);
        boolean firstMatch = seed % 4 == 0;
        Configs configs = Configs.of().policies(policies);
        Sampler sampler = new Sampler(firstMatch ? configs.firstMatch() : configs);
        send(sampler, random, new SplittableRandom(seed), () -> {});

        sampler.decide();

        PolicyModel model = new PolicyModel();
        assertAsExpected(policies, sampler, trace -> model.decide(policies, all(trace), firstMatch));
        long keptBefore = sampler.keptNumbers().size();
        // Late spans share the fate of their trace, whatever they are.
        Map<Long, Boolean> kept = kept(sampler);
        List<Span> late = new ArrayList<>();
        sent.keySet().forEach(t -> late.add(random.span(t, nextSpan++)));
        sampler.send(Spans.scattered(late, new SplittableRandom(seed)));
        sampler.advance(java.time.Duration.ofMillis(200));
        assertThat(sampler.keptNumbers()).hasSize((int) keptBefore + kept.size());
        assertThat(kept(sampler)).isEqualTo(kept);
        sampler.assertIdle();
    }

    @RepeatedTest(60)
    void reload_randomPolicies_allUndecidedTracesAsTheModelSaysOfTheNewOnes(RepetitionInfo repetition) {
        long seed = 2000L + repetition.getCurrentRepetition();
        RandomPolicies random = new RandomPolicies(seed);
        // With time between, limits would fill again; without, all that came in one tick is looked at again.
        boolean slowly = seed % 2 == 0;
        List<PolicyConfig> policies = random.policies(slowly);
        Sampler sampler = new Sampler(Configs.of().policies(random.policies(false)));
        send(sampler, random, new SplittableRandom(seed), () -> {
            sampler.advance(java.time.Duration.ofMillis(slowly ? 200 : 0));
            sampler.processor.reload(Configs.of().policies(policies).config());
            sampler.advance(java.time.Duration.ofMillis(slowly ? 200 : 0));
        });

        sampler.decide();

        PolicyModel model = new PolicyModel();
        assertAsExpected(policies, sampler, trace -> model.decide(policies, all(trace), false));
        sampler.assertIdle();
    }

    @RepeatedTest(60)
    void decideOnIngest_randomPolicies_asTheModelSays(RepetitionInfo repetition) {
        long seed = 1000L + repetition.getCurrentRepetition();
        RandomPolicies random = new RandomPolicies(seed);
        List<PolicyConfig> policies = random.policies(true);
        Sampler sampler =
                new Sampler(Configs.of().policies(policies).spanIngest().shards((int) seed % 3 + 1));
        send(sampler, random, new SplittableRandom(seed), () -> {});

        sampler.decide();

        assertAsExpected(policies, sampler, trace -> new PolicyModel().decideOnIngest(policies, trace));
        sampler.assertIdle();
    }

    private void assertAsExpected(
            List<PolicyConfig> policies,
            Sampler sampler,
            java.util.function.Function<List<List<Piece>>, Outcome> model) {
        Map<Long, List<Span>> kept = new HashMap<>();
        sampler.kept()
                .forEach(s ->
                        kept.computeIfAbsent(trace(s), t -> new ArrayList<>()).add(s));
        sent.forEach((trace, batches) -> {
            Outcome expected = model.apply(batches);
            if (!expected.kept()) {
                assertThat(kept).as(() -> policies + " of " + batches).doesNotContainKey(trace);
                return;
            }
            assertThat(kept).as(() -> policies + " of " + batches).containsKey(trace);
            assertThat(requireNonNull(kept.get(trace)).stream().map(Sampler::number))
                    .containsExactlyInAnyOrderElementsOf(all(batches).stream()
                            .map(p -> Sampler.number(p.span()))
                            .toList());
            assertThat(kept.get(trace))
                    .allSatisfy(s -> assertThat(Sampler.attribute(s, "tailsampling.policy"))
                            .as(() -> policies + " of " + batches)
                            .isEqualTo(expected.by()));
        });
    }

    private static List<Piece> all(List<List<Piece>> batches) {
        return batches.stream().flatMap(List::stream).toList();
    }

    /** Sends traces, which are decided in the order of their first spans. */
    private void send(Sampler sampler, RandomPolicies policies, SplittableRandom random, Runnable halfway) {
        List<List<Long>> requests = new ArrayList<>();
        for (int i = 0; i < TRACES / 3; i++) {
            requests.add(new ArrayList<>());
        }
        for (int t = 0; t < TRACES; t++) {
            long trace = random.nextLong();
            int first = random.nextInt(requests.size());
            for (int n = random.nextInt(1, 10); n > 0; n--) {
                requests.get(Math.min(requests.size() - 1, first + random.nextInt(5)))
                        .add(trace);
            }
        }
        for (int i = 0; i < requests.size(); i++) {
            List<Long> request = requests.get(i);
            if (i == requests.size() / 2) {
                halfway.run();
            }
            if (!request.isEmpty()) {
                assertThat(sampler.send(Spans.batch(request(request, policies, random))))
                        .isEqualTo(Delivery.ACCEPTED);
            }
        }
    }

    private ExportTraceServiceRequest request(List<Long> traces, RandomPolicies policies, SplittableRandom random) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        int i = 0;
        while (i < traces.size()) {
            Resource resource = policies.resource();
            Map<Long, List<Piece>> batches = new LinkedHashMap<>();
            ResourceSpans.Builder spans = ResourceSpans.newBuilder().setResource(resource);
            for (int scopes = random.nextInt(1, 3); scopes > 0 && i < traces.size(); scopes--) {
                ScopeSpans.Builder scope = Spans.scope("lib-" + scopes);
                for (int n = random.nextInt(1, 8); n > 0 && i < traces.size(); n--) {
                    long trace = traces.get(i++);
                    Span span = policies.span(trace, nextSpan++);
                    scope.addSpans(span);
                    batches.computeIfAbsent(trace, t -> new ArrayList<>())
                            .add(new Piece(resource, scope.getScope().getName(), span));
                }
                spans.addScopeSpans(scope);
            }
            request.addResourceSpans(spans);
            batches.forEach((trace, pieces) ->
                    sent.computeIfAbsent(trace, t -> new ArrayList<>()).add(pieces));
        }
        return request.build();
    }

    private static Map<Long, Boolean> kept(Sampler sampler) {
        Map<Long, Boolean> kept = new HashMap<>();
        sampler.kept().forEach(s -> kept.put(trace(s), true));
        return kept;
    }

    private static long trace(Span span) {
        return span.getTraceId().asReadOnlyByteBuffer().getLong(8);
    }
}
