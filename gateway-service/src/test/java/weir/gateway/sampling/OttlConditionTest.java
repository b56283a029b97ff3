package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.drop;
import static weir.gateway.sampling.Configs.ottl;
import static weir.gateway.sampling.Configs.policy;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Spans.attribute;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import weir.gateway.sampling.PolicySections.AndConfig;
import weir.gateway.sampling.PolicySections.CompositeConfig;
import weir.gateway.sampling.PolicySections.NotConfig;
import weir.gateway.sampling.PolicySections.OttlConditionConfig;
import weir.gateway.sampling.PolicySections.RateAllocationConfig;
import weir.gateway.sampling.PolicySections.WeirComposite;
import weir.ottl.ErrorMode;
import weir.pipeline.Delivery;

/** Policies of type {@code ottl_condition}; what random ones do is in {@link PolicyModelTest}. */
class OttlConditionTest {
    private static final String PREFIX = "otelcol_processor_tail_sampling_";

    /** Cannot be evaluated where the attribute is missing. */
    private static final String FAILS = "Substring(attributes[\"a\"], 0, 1) == \"x\"";

    private static PolicyConfig events(String name, ErrorMode mode, String... conditions) {
        return policy(name, "ottl_condition", new OttlConditionConfig(mode, List.of(), List.of(conditions)));
    }

    /** A request of spans under several resources. */
    private static final class Request {
        private final ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();

        Request of(String service, String scope, Span.Builder... spans) {
            ResourceSpans.Builder resource = Spans.resource(service);
            var in = Spans.scope(scope);
            for (Span.Builder span : spans) {
                in.addSpans(span);
            }
            request.addResourceSpans(resource.addScopeSpans(in));
            return this;
        }

        void sendTo(Sampler sampler) {
            sampler.send(Spans.batch(request.build()));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            attributes["a"] == "b"                                          | 1
            resource.attributes["service.name"] == "pay"                    | 2 3
            scope.name == "lib2" and not IsMatch(name, "3$")                | 2
            IsMatch(span.name, "span-[13]") and status.code == STATUS_CODE_ERROR | 3
            resource.schema_url == "https://schema/shop"                    | 1
            Len(events) == 2                                                | 2
            """)
    void spans_conditionsAboutAnythingOfThem(String condition, String kept) {
        Sampler sampler = new Sampler(Configs.of(ottl("o", ErrorMode.SILENT, "1 == 2", condition)));
        new Request()
                .of("shop", "lib1", span(1, 1).addAttributes(attribute("a", "b")))
                .of(
                        "pay",
                        "lib2",
                        span(2, 2)
                                .addEvents(Span.Event.newBuilder().setName("x"))
                                .addEvents(Span.Event.newBuilder().setName("y")),
                        error(3, 3))
                .sendTo(sampler);
        sampler.decide();

        assertThat(sampler.keptNumbers())
                .containsExactlyElementsOf(
                        List.of(kept.split(" ")).stream().map(Long::valueOf).toList());
        sampler.assertIdle();
    }

    @Test
    void events_anyOfAnySpan() {
        Sampler sampler = new Sampler(Configs.of(
                events("o", ErrorMode.IGNORE, "name == \"exception\" and span.status.code == 2", "event_index == 2")));
        sampler.send(
                error(1, 1).addEvents(Span.Event.newBuilder().setName("retry")),
                error(1, 2).addEvents(Span.Event.newBuilder().setName("exception")),
                span(2, 3).addEvents(Span.Event.newBuilder().setName("exception")),
                span(3, 4)
                        .addAllEvents(IntStream.range(0, 3)
                                .mapToObj(i ->
                                        Span.Event.newBuilder().setName("e" + i).build())
                                .toList()));
        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(1L, 2L, 4L);
    }

    @ParameterizedTest
    @EnumSource
    void errors_areCounted_andOnlyPropagateTakesTheVote(ErrorMode mode) {
        Sampler sampler = new Sampler(Configs.of(ottl("o", mode, FAILS, "name == \"span-2\"")));
        // Of the first trace the first span cannot be evaluated, of the second the last, which was answered before.
        sampler.send(span(1, 1), span(1, 2), span(2, 2).addAttributes(attribute("a", "x")), span(2, 3));
        sampler.decide();

        boolean propagates = mode == ErrorMode.PROPAGATE;
        assertThat(sampler.kept().stream().map(s -> s.getTraceId().byteAt(15)))
                .containsOnly(propagates ? new Byte[] {2} : new Byte[] {1, 2});
        assertThat(sampler.metric("weir_sampling_condition_errors", "component", "tail_sampling"))
                .isEqualTo(propagates ? 1 : 2);
        assertThat(sampler.metric(PREFIX + "sampling_policy_evaluation_error")).isEqualTo(propagates ? 1 : 0);
        assertThat(sampler.metric(PREFIX + "count_traces_sampled", "policy", "o", "sampled", "true"))
                .isEqualTo(propagates ? 1 : 2);
        assertThat(sampler.metric(PREFIX + "count_traces_sampled", "policy", "o", "sampled", "false"))
                .isZero();
        assertThat(sampler.metric(PREFIX + "sampling_policy_execution_count", "policy", "o"))
                .isEqualTo(2);
        sampler.assertIdle();
    }

    @Test
    void propagate_insideOthers_takesTheirVoteToo() {
        PolicyConfig fails = ottl("f", ErrorMode.PROPAGATE, FAILS);
        Sampler sampler = new Sampler(Configs.of(
                drop("drop", status("e", "ERROR"), fails),
                policy("not", "not", new NotConfig(fails)),
                policy("and", "and", new AndConfig(List.of(always("all"), fails))),
                policy(
                        "composite",
                        "composite",
                        new CompositeConfig(
                                1000,
                                List.of(),
                                List.of(fails, always("rest")),
                                List.of(new RateAllocationConfig("f", 50), new RateAllocationConfig("rest", 50)),
                                new WeirComposite(false, false, false, false))),
                status("errors", "ERROR")));
        sampler.send(error(1, 1), span(2, 2));
        sampler.decide();

        // Whatever asks it cannot tell; the last policy can.
        assertThat(sampler.keptNumbers()).containsExactly(1L);
        assertThat(Sampler.attribute(sampler.kept().getFirst(), "tailsampling.policy"))
                .isEqualTo("errors");
        // Of the second trace, which has no error, part `f` of `drop` was not asked.
        assertThat(sampler.metric(PREFIX + "sampling_policy_evaluation_error")).isEqualTo(7);
        assertThat(sampler.metric(PREFIX + "count_traces_sampled", "policy", "not"))
                .isZero();
    }

    @Test
    void drop_ofWhatMeetsIt() {
        Sampler sampler = new Sampler(Configs.of(
                always("all"), drop("health", ottl("", ErrorMode.SILENT, "IsMatch(attributes[\"a\"], \"^/health\")"))));
        sampler.send(span(1, 1).addAttributes(attribute("a", "/health/live")), span(1, 2), span(2, 3));
        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(3L);
    }

    @Test
    void sameQuestion_ofTwoPolicies_isAskedOnce() {
        PolicyConfig fails = ottl("f", ErrorMode.IGNORE, FAILS);
        Sampler sampler = new Sampler(
                Configs.of(fails, ottl("g", ErrorMode.IGNORE, FAILS)).shadow(fails));
        sampler.send(span(1, 1));
        sampler.decide();

        assertThat(sampler.metric("weir_sampling_condition_errors")).isEqualTo(1);
    }

    @Test
    void reload_tracesThatWait_areAskedAnewFromTheirFirstSpanOn() {
        Sampler sampler = new Sampler(Configs.of(ottl("o", ErrorMode.SILENT, "name == \"span-1\"")));
        new Request()
                .of("shop", "lib1", span(1, 1), span(2, 2))
                .of("pay", "lib2", span(2, 3), span(3, 4), span(4, 5))
                .sendTo(sampler);

        PolicyConfig strict = ottl("o", ErrorMode.PROPAGATE, "scope.name == \"lib2\"", FAILS);
        sampler.processor.reload(Configs.of(strict).config());
        new Request()
                .of("shop", "lib1", span(4, 6).addAttributes(attribute("a", "x")))
                .sendTo(sampler);
        sampler.decide();

        // The second trace could not be evaluated at its first span, the fourth was met there.
        assertThat(sampler.keptNumbers()).containsExactly(4L, 5L, 6L);
        assertThat(sampler.metric(PREFIX + "sampling_policy_evaluation_error")).isEqualTo(2);
        sampler.assertIdle();
    }

    @Test
    void reload_tracesLookedAtAgainWhileARequestIsTakenIn_doNotLendItTheirResource() {
        PolicyConfig shop = ottl("o", ErrorMode.SILENT, "resource.attributes[\"service.name\"] == \"shop\"");
        Sampler sampler = new Sampler(Configs.of(always("all")).numTraces(2));
        new Request().of("shop", "lib", span(1, 1), span(2, 2)).sendTo(sampler);
        sampler.processor.reload(Configs.of(shop).numTraces(2).config());
        sampler.advance(Duration.ofMillis(100));

        // Each of these has one of the former decided, for which it is looked at again.
        new Request().of("pay", "lib", span(3, 3), span(4, 4)).sendTo(sampler);
        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(1L, 2L);
    }

    @Test
    void shadow_isAskedBesideTheOthers() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR"))
                .shadow(ottl("o", ErrorMode.SILENT, "attributes[\"a\"] == \"b\"")));
        sampler.send(error(1, 1), span(2, 2).addAttributes(attribute("a", "b")));
        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(1L);
        assertThat(sampler.metric("weir_sampling_shadow_traces", "live", "kept", "shadow", "dropped"))
                .isEqualTo(1);
        assertThat(sampler.metric("weir_sampling_shadow_traces", "live", "dropped", "shadow", "kept"))
                .isEqualTo(1);
    }

    @Test
    void spanIngest_piecesAreAskedAlone() {
        Sampler sampler =
                new Sampler(Configs.of(ottl("o", ErrorMode.PROPAGATE, FAILS)).spanIngest());
        sampler.send(span(1, 1), span(2, 2));
        sampler.send(span(1, 3).addAttributes(attribute("a", "x")));
        sampler.decide();

        assertThat(sampler.keptNumbers()).containsExactly(1L, 3L);
    }

    @Test
    void kill_undecidedTraces_areAskedAnew(@TempDir Path directory) throws Exception {
        Configs configs = Configs.of(ottl(
                        "o",
                        ErrorMode.SILENT,
                        "resource.attributes[\"service.name\"] == \"svc\"" + " and attributes[\"a\"] == \"b\""))
                .journal(64);
        Sampler before = new Sampler(configs, directory);
        assertThat(before.store(span(1, 1).addAttributes(attribute("a", "b")), span(2, 2)))
                .isEqualTo(Delivery.ACCEPTED);
        assertThat(before.processor.drain(Duration.ofSeconds(10))).isTrue();
        before.processor.close();

        Sampler after = new Sampler(configs, directory);
        assertThat(after.context.ledger().recoveredItems()).isEqualTo(2);
        assertThat(after.store(span(1, 3), span(2, 4))).isEqualTo(Delivery.ACCEPTED);
        after.decide();

        after.next.await(1);
        assertThat(after.keptNumbers()).containsExactly(1L, 3L);
        after.processor.close();
    }

    @Test
    void why_namesTheConditionThatWasLookedAt() {
        String met = "attributes[\"a\"] == \"b\"";
        Sampler sampler = new Sampler(Configs.of(
                ottl("first", ErrorMode.SILENT, "name == \"no\"", met),
                ottl("second", ErrorMode.SILENT, "name == \"x\""),
                ottl("third", ErrorMode.SILENT, "name == \"x\"", "name == \"y\""),
                ottl("fourth", ErrorMode.PROPAGATE, "Substring(attributes[\"none\"], 0, 1) == \"x\"")));
        sampler.send(span(1, 1), span(1, 2).addAttributes(attribute("a", "b")));
        sampler.decide();

        var id = Spans.traceId(0xabcd, 1).asReadOnlyByteBuffer();
        assertThat(sampler.processor.why(id.getLong(), id.getLong()))
                .isInstanceOfSatisfying(
                        Why.Decided.class,
                        why -> assertThat(why.votes())
                                .containsExactly(
                                        new Why.Voted("first", Why.Vote.KEEP, "ottl_condition `" + met + "` is met"),
                                        new Why.Voted(
                                                "second",
                                                Why.Vote.NOT_KEEP,
                                                "ottl_condition `name == \"x\"` is not met"),
                                        new Why.Voted(
                                                "third",
                                                Why.Vote.NOT_KEEP,
                                                "none is met: ottl_condition `name == \"x\"`, ottl_condition `name == \"y\"`"),
                                        new Why.Voted(
                                                "fourth",
                                                Why.Vote.NOT_KEEP,
                                                "ottl_condition `Substring(attributes[\"none\"], 0, 1) == \"x\"` could not be"
                                                        + " evaluated")));
    }

    @Test
    void manyConditions_ofManyPolicies_eachHasItsBit() {
        PolicyConfig[] policies = IntStream.range(0, 60)
                .mapToObj(i -> ottl(
                        "p" + i,
                        ErrorMode.PROPAGATE,
                        "attributes[\"a\"] == \"" + 2 * i + "\"",
                        "attributes[\"a\"] == \"" + (2 * i + 1) + "\""))
                .toArray(PolicyConfig[]::new);
        Sampler sampler = new Sampler(Configs.of(policies));
        sampler.send(IntStream.range(0, 121)
                .mapToObj(i -> span(i + 2, i + 2).addAttributes(attribute("a", "" + i)))
                .toArray(Span.Builder[]::new));
        sampler.decide();

        assertThat(sampler.kept())
                .hasSize(120)
                .allSatisfy(s -> assertThat(Sampler.attribute(s, "tailsampling.policy"))
                        .isEqualTo("p" + (Sampler.number(s) / 2 - 1)));
    }
}
