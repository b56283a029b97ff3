package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.latency;
import static weir.gateway.sampling.Configs.probabilistic;
import static weir.gateway.sampling.Configs.status;

import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.pipeline.RecentTraces;

class DecisionNotesTest {
    private final List<RecentTraces.Decided> decided = new ArrayList<>();
    private final List<Batch> kept = new ArrayList<>();
    private boolean wanted = true;
    private final RecentTraces recent = new RecentTraces() {
        @Override
        public boolean wanted() {
            return wanted;
        }

        @Override
        public void decided(List<Decided> decisions) {
            decided.addAll(decisions);
        }

        @Override
        public void kept(Batch batch) {
            kept.add(batch);
        }
    };

    @Test
    void decided_kept_saysWhyAndShowsTheTrace() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR", "OK")), recent);
        sampler.send(Spans.error(1, 1).setName("charge"), Spans.root(1, 2).setName("GET /pay"), Spans.span(1, 3));

        sampler.decide();

        assertThat(decided).singleElement().satisfies(d -> {
            assertThat(d.traceIdHex()).isEqualTo("000000000000abcd0000000000000001");
            assertThat(d.kept()).isTrue();
            assertThat(d.policy()).isEqualTo("errors");
            assertThat(d.reason()).isEqualTo("status ERROR in span `charge`");
            assertThat(d.trigger()).isEqualTo("deadline");
            assertThat(d.rootService()).isEqualTo("svc");
            assertThat(d.rootName()).isEqualTo("GET /pay");
            assertThat(d.spans()).isEqualTo(3);
            assertThat(d.durationNanos()).isEqualTo(5_000_000);
            assertThat(d.decidedAtUnixNanos()).isGreaterThan(1_700_000_000_000_000_000L);
        });
        assertThat(kept)
                .singleElement()
                .satisfies(
                        b -> assertThat(Spans.spansOf(Spans.parse(b)).stream().map(Span::getName))
                                .containsExactly("charge", "GET /pay", "span-3"));
    }

    @Test
    void lateSpanOfAKeptTrace_isShownToo_andOnce() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")), recent);
        sampler.send(Spans.error(1, 1).setName("charge"));
        sampler.send(Spans.span(2, 1));
        sampler.decide();
        kept.clear();

        sampler.send(Spans.span(1, 2).setName("mail receipt"), Spans.span(2, 2));
        sampler.decide();

        assertThat(decided).hasSize(2);
        assertThat(kept)
                .singleElement()
                .satisfies(
                        b -> assertThat(Spans.spansOf(Spans.parse(b)).stream().map(Span::getName))
                                .containsExactly("mail receipt"));
    }

    @Test
    void decided_dropped_saysWhatEachPolicySaw() {
        Sampler sampler = new Sampler(
                Configs.of(
                        latency("slow", 2000, 0),
                        status("errors", "ERROR"),
                        latency("mid", 100, 1500),
                        probabilistic("no", 0)),
                recent);
        sampler.send(Spans.span(1, 1));

        sampler.decide();

        assertThat(decided.getFirst().reason())
                .isEqualTo(
                        "latency 5 ms < 2 s; no status ERROR; latency 5 ms, never within 100 ms to 1.50 s; and 1 more"
                                + " did not match");
        assertThat(decided.getFirst().kept()).isFalse();
        assertThat(kept).isEmpty();
    }

    @Test
    void decided_attribute_saysTheValueThatMatched_ofTheSpanOrItsResource() {
        Sampler sampler = new Sampler(
                Configs.of(
                        Configs.text("route", "http.route", "/x", "/y"),
                        Configs.text("service", "service.name", "svc")),
                recent);
        sampler.send(
                Spans.span(1, 1).addAttributes(Spans.attribute("http.route", "/z")),
                Spans.span(1, 2).addAttributes(Spans.attribute("http.route", "/y")),
                Spans.span(1, 3).addAttributes(Spans.attribute("http.route", "/z")));
        sampler.send(Spans.span(2, 4).addAttributes(Spans.attribute("service.name", "other")));

        sampler.decide();

        assertThat(decided.stream().map(RecentTraces.Decided::reason))
                .containsExactly("string_attribute `http.route` = `/y`", "string_attribute `service.name` = `svc`");
    }

    @Test
    void decided_probability_saysWhereTheHashLies() {
        Sampler sampler = new Sampler(Configs.of(probabilistic("some", 10)), recent);
        sampler.send(Spans.span(1, 1).setTraceId(Spans.traceId(-1, -1)));

        sampler.decide();

        assertThat(decided.getFirst().reason()).isEqualTo("probability 10 %, hash at 9.3 %");
    }

    @Test
    void decided_manyAtOnce_isBounded() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")), recent);
        for (int i = 0; i < 1000; i++) {
            sampler.send(Spans.span(i, i));
        }

        sampler.decide();

        assertThat(decided).hasSizeBetween(200, 400);
    }

    @Test
    void decided_nobodyWantsToKnow_describesNothing() {
        wanted = false;
        Sampler sampler = new Sampler(Configs.of(Configs.always("all")), recent);
        sampler.send(Spans.span(1, 1));

        sampler.decide();

        assertThat(decided).isEmpty();
        assertThat(kept).isEmpty();
        assertThat(sampler.keptNumbers()).containsExactly(1L);
    }
}
