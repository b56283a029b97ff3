package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.policy;
import static weir.gateway.sampling.Configs.spansPerSecond;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import weir.gateway.sampling.PolicySections.CompositeConfig;
import weir.gateway.sampling.PolicySections.RateAllocationConfig;
import weir.gateway.sampling.PolicySections.WeirComposite;
import weir.otlp.Batch;
import weir.otlp.TraceIndex;

/** Policies that remember what they let through. */
class LimitsOfPoliciesTest {
    private static final String PREFIX = "otelcol_processor_tail_sampling_";
    private static final long SECOND = 1_000_000_000;

    @Test
    void take_bucket_beginsFullAndFillsContinuously() {
        TokenBucket bucket = new TokenBucket(10, 20, false);

        assertThat(bucket.take(21, 0)).isFalse();
        assertThat(bucket.take(20, 0)).isTrue();
        assertThat(bucket.take(1, 0)).isFalse();
        assertThat(bucket.take(1, SECOND / 10)).isTrue();
        assertThat(bucket.take(6, SECOND / 2)).isFalse();
        assertThat(bucket.take(4, SECOND / 2)).isTrue();
        assertThat(bucket.take(20, 100 * SECOND)).isTrue();
    }

    @Test
    void take_oversize_waitsForAFullBucketAndIsWorkedOff() {
        TokenBucket bucket = new TokenBucket(10, 20, true);

        assertThat(bucket.take(50, 0)).isTrue();
        assertThat(bucket.take(1, 3 * SECOND)).isFalse();
        assertThat(bucket.take(1, 3 * SECOND + SECOND / 5)).isTrue();
        assertThat(bucket.take(50, 4 * SECOND)).isFalse();
        assertThat(bucket.take(50, 5 * SECOND)).isFalse();
        assertThat(bucket.take(50, 6 * SECOND)).isTrue();
    }

    @Test
    void decide_rateOfSeveralShards_isSharedAmongThem() {
        Sampler sampler = new Sampler(Configs.of(spansPerSecond("limit", 40, 0)).shards(2));
        sampler.send(LongStream.range(0, 400).mapToObj(i -> span(i, i)).toArray(Span.Builder[]::new));

        sampler.decide();

        // Each has a burst of twice its half of the rate.
        assertThat(sampler.keptNumbers()).hasSize(80);
    }

    @Test
    void decide_limitsLast_chargesOnlyWhatNobodyElseKeeps() {
        Configs configs = Configs.of(spansPerSecond("limit", 1, 3), status("errors", "ERROR"));
        Sampler asCollector = new Sampler(configs);
        Sampler last = new Sampler(configs.limitsLast());
        for (Sampler sampler : List.of(asCollector, last)) {
            sampler.send(error(1, 1), error(2, 2), error(3, 3), span(4, 4), span(5, 5));
            sampler.decide();
        }

        assertThat(asCollector.keptNumbers()).containsExactly(1L, 2L, 3L);
        assertThat(last.keptNumbers()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(last.metric(PREFIX + "sampling_policy_execution_count", "policy", "limit"))
                .isEqualTo(2);
    }

    @Test
    void decide_drop_winsAndIsCountedAsSuch() {
        Sampler sampler = new Sampler(Configs.of(
                Configs.always("all"), Configs.drop("health", Configs.text("", "http.route", "/health", "/ready"))));
        sampler.send(
                span(1, 1).addAttributes(Spans.attribute("http.route", "/health")),
                span(1, 2),
                span(2, 3).addAttributes(Spans.attribute("http.route", "/healthy")));

        sampler.decide();
        sampler.send(span(1, 4));
        sampler.advance(Duration.ofMillis(200));

        assertThat(sampler.keptNumbers()).containsExactly(3L);
        assertThat(sampler.metric(PREFIX + "global_count_traces_sampled", "sampled", "false", "decision", "dropped"))
                .isEqualTo(1);
        assertThat(sampler.metric(PREFIX + "count_traces_sampled", "policy", "health", "decision", "dropped"))
                .isEqualTo(1);
        assertThat(sampler.metric(PREFIX + "count_traces_sampled", "policy", "health", "decision", "not_sampled"))
                .isEqualTo(1);
        assertThat(sampler.metric(PREFIX + "count_traces_sampled", "policy", "all"))
                .isEqualTo(1);
        sampler.assertIdle();
    }

    @Test
    void decide_composite_asTheCollectorOrAsOneMightExpect() {
        assertThat(kept(new WeirComposite(false, false, false, false))).isEqualTo("errors 4, rest 2");
        assertThat(kept(new WeirComposite(false, true, false, false))).isEqualTo("errors 4, rest 4");
        assertThat(kept(new WeirComposite(false, true, true, false))).isEqualTo("errors 4, rest 2");
        assertThat(kept(new WeirComposite(true, false, false, false))).isEqualTo("errors 0, rest 4");
    }

    /** Six traces with errors, then two others; shares of four each, of six in all. */
    private static String kept(WeirComposite weir) {
        Sampler sampler = new Sampler(Configs.of(policy(
                "c",
                "composite",
                new CompositeConfig(
                        6,
                        List.of("rest", "errors"),
                        List.of(status("errors", "ERROR"), Configs.always("rest")),
                        List.of(new RateAllocationConfig("errors", 67), new RateAllocationConfig("rest", 67)),
                        weir))));
        sampler.send(
                error(1, 1), error(2, 2), error(3, 3), error(4, 4), error(5, 5), error(6, 6), span(7, 7), span(8, 8));
        sampler.decide();
        long errors = sampler.kept().stream()
                .filter(s -> "errors".equals(Sampler.attribute(s, "tailsampling.composite_policy")))
                .count();
        return "errors " + errors + ", rest " + (sampler.kept().size() - errors);
    }

    @Test
    void decide_composite_nextSecondHasItsOwnShare() {
        Sampler sampler = new Sampler(Configs.of(policy(
                "c",
                "composite",
                new CompositeConfig(
                        2,
                        List.of(),
                        List.of(Configs.always("all")),
                        List.of(),
                        new WeirComposite(false, false, false, true)))));
        for (int i = 0; i < 40; i++) {
            sampler.send(span(i, i));
            sampler.advance(Duration.ofMillis(100));
        }
        sampler.decide();

        assertThat(sampler.keptNumbers()).hasSizeBetween(8, 10);
    }

    @Test
    void size_ofATrace_isThatOfItsResourceSpans() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        SpanLog log = new SpanLog(16);
        TraceTable table = new TraceTable();
        TraceSummary trace = new TraceSummary(table).at(table.add(1, 1, 1));
        long expected = 0;
        long number = 0;
        for (int r = 0; r < 6; r++) {
            ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                ResourceSpans.Builder resource = Spans.resource("service-" + r + i);
                for (int s = random.nextInt(1, 3); s > 0; s--) {
                    var scope = Spans.scope("lib" + s);
                    for (int n = random.nextInt(1, 30); n > 0; n--) {
                        Span.Builder span = Spans.padded(span(1, number++), random.nextInt(200));
                        if (n % 3 == 0) {
                            span.clearStatus();
                        }
                        if (n % 2 == 0) {
                            span.clearParentSpanId();
                        }
                        scope.addSpans(span);
                    }
                    resource.addScopeSpans(scope);
                }
                request.addResourceSpans(resource);
                resource.clearSchemaUrl();
                resource.getScopeSpansBuilderList()
                        .forEach(s -> s.clearSchemaUrl()
                                .getSpansBuilderList()
                                .forEach(LimitsOfPoliciesTest::asTheCollectorReckons));
                expected += ExportTraceServiceRequest.newBuilder()
                        .addResourceSpans(resource)
                        .build()
                        .getSerializedSize();
            }
            Batch batch = Spans.batch(request.build());
            TraceIndex index = new TraceIndex();
            index.index(batch.bytes(), batch.offset(), batch.length());
            log.begin(index, TraceJournal.NO_RECORD);
            for (int i = 0; i < index.spans(); i++) {
                trace.newest(log.append(index, i, r + i == 0 ? SpanLog.NOWHERE : trace.newest()));
            }
        }

        assertThat(RateLimit.size(trace, log)).isEqualTo(expected);
    }

    /** It writes a parent and a status that say nothing, with two bytes each: as many as these take. */
    private static void asTheCollectorReckons(Span.Builder span) {
        if (span.getParentSpanId().isEmpty()) {
            span.setDroppedLinksCount(1);
        }
        if (!span.hasStatus()) {
            span.setDroppedEventsCount(1);
        }
    }
}
