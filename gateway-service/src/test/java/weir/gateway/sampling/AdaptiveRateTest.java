package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.policy;

import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import weir.gateway.sampling.PolicySections.AdaptiveKinds;
import weir.gateway.sampling.PolicySections.AdaptivePercentageConfig;
import weir.gateway.sampling.PolicySections.AdaptiveThroughputConfig;
import weir.gateway.sampling.PolicySections.WeirPolicy;

class AdaptiveRateTest {
    private static final List<String> KEYS = List.of("span.http.route", "resource.service.name");
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final SplittableRandom random = new SplittableRandom(7);
    private long number;

    @Test
    void percentage_frequentAndRareKinds_goalIsMetAndTheRareAreKept() {
        Sampler sampler = sampler(new WeirPolicy(
                100, new AdaptivePercentageConfig(10, new AdaptiveKinds(KEYS, INTERVAL, 0.5, 500)), null));
        seconds(sampler, 30);
        int before = sampler.kept().size();
        seconds(sampler, 20);

        List<Span> kept = sampler.kept().subList(before, sampler.kept().size());
        TreeMap<String, Long> routes = kept.stream()
                .collect(Collectors.groupingBy(
                        s -> String.valueOf(Sampler.attribute(s, "http.route")), TreeMap::new, Collectors.counting()));
        assertThat(kept.size() / (20 * 111.0)).isBetween(0.085, 0.115);
        assertThat(routes.get("/rare")).isGreaterThanOrEqualTo(19L);
        assertThat(routes.get("/some")).isBetween(45L, 110L);
        assertThat(kept).allSatisfy(s -> assertThat(s.getTraceState()).startsWith("ot=th:"));
    }

    @Test
    void throughput_spansASecond_areMetHoweverManyCome() {
        Sampler sampler = sampler(new WeirPolicy(
                100, null, new AdaptiveThroughputConfig(20, new AdaptiveKinds(KEYS, INTERVAL, 0.5, 500))));
        seconds(sampler, 40);
        int before = sampler.kept().size();
        seconds(sampler, 20);

        assertThat((sampler.kept().size() - before) / 20.0).isBetween(16.0, 24.0);
    }

    @Test
    void percentage_moreKindsThanAreToldApart_areKeptAtTheGoalsRate() {
        Sampler sampler = sampler(new WeirPolicy(
                100,
                new AdaptivePercentageConfig(50, new AdaptiveKinds(List.of("span.number"), INTERVAL, 0.5, 10)),
                null));
        seconds(sampler, 20);
        int before = sampler.kept().size();
        seconds(sampler, 20);

        assertThat((sampler.kept().size() - before) / (20 * 111.0)).isBetween(0.45, 0.55);
    }

    @Test
    void reload_policyStaysTheSame_rareKindsStayKnown() {
        PolicyConfig adaptive = policy(
                "all",
                "always_sample",
                new WeirPolicy(
                        100, new AdaptivePercentageConfig(10, new AdaptiveKinds(KEYS, INTERVAL, 0.5, 500)), null));
        Sampler sampler = new Sampler(Configs.of(adaptive).rates());
        seconds(sampler, 30);
        int before = sampler.kept().size();

        sampler.processor.reload(
                Configs.of(Configs.text("other", "a", "b"), adaptive).rates().config());
        seconds(sampler, 20);

        assertThat(sampler.kept().subList(before, sampler.kept().size()).stream()
                        .filter(s -> "/rare".equals(Sampler.attribute(s, "http.route"))))
                .hasSizeGreaterThanOrEqualTo(19);
    }

    private static Sampler sampler(WeirPolicy weir) {
        return new Sampler(
                Configs.of(policy("all", "always_sample", weir)).rates().threshold());
    }

    /** Each second 100 traces of one kind, 10 of another and one of a third. */
    private void seconds(Sampler sampler, int n) {
        for (int second = 0; second < n; second++) {
            List<Span.Builder> spans = new ArrayList<>();
            for (int i = 0; i < 111; i++) {
                String route = i == 0 ? "/rare" : i <= 10 ? "/some" : "/many";
                spans.add(Spans.span(0, number++)
                        .setTraceId(Spans.traceId(random.nextLong(), random.nextLong()))
                        .addAttributes(Spans.attribute("number", "n" + number))
                        .addAttributes(Spans.attribute("http.route", route)));
            }
            sampler.send(spans.toArray(Span.Builder[]::new));
            sampler.advance(Duration.ofSeconds(1));
        }
    }
}
