package weir.recent;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.RecentTraces.Decided;
import weir.telemetry.Metrics;
import weir.testing.ManualTimer;
import weir.testing.Requests;

class RecentStoreTest {
    private final ManualTimer timer = new ManualTimer();
    private final Metrics metrics = new Metrics();
    private final RecentStore store = new RecentStore(metrics, 10_000, timer::nanoTime);

    @Test
    void trace_spansOfSeveralRequests_areReadInTheOrderOfTheirStart() {
        store.kept(request("shop", span(7, 2, 1, "db", 2000)));
        store.kept(request("web", span(8, 9, 0, "other", 1), span(7, 1, 0, "root", 1000)));

        List<KeptSpan> spans = store.trace("%016x%016x".formatted(0, 7));

        assertThat(spans).extracting(KeptSpan::name).containsExactly("root", "db");
        assertThat(spans.getFirst())
                .isEqualTo(new KeptSpan(
                        "%032x".formatted(7),
                        "%016x".formatted(1),
                        "",
                        "web",
                        "root",
                        "client",
                        "error",
                        "broken",
                        "lib",
                        1000,
                        500,
                        Map.of("list", "[1,\"a\\\"\",{\"k\":true}]", "half", "0.5", "http.route", "/x"),
                        Map.of("service.name", "web"),
                        List.of(new KeptSpan.Event("exception", 1001, Map.of("exception.type", "E")))));
        assertThat(spans.getLast().parentSpanId()).isEqualTo("%016x".formatted(1));
    }

    @Test
    void trace_unknownOrNoId_isEmpty() {
        store.kept(request("web", span(7, 1, 0, "root", 1000)));

        assertThat(store.trace("%032x".formatted(8))).isEmpty();
        assertThat(store.trace("../../etc/passwd")).isEmpty();
    }

    @Test
    void kept_moreThanTheLimit_theOldestGivesWay() {
        for (int i = 1; i <= 200; i++) {
            store.kept(request("web", span(i, 1, 0, "root", 1000)));
            assertThat(store.bytes()).isBetween(1L, 10_000L);
        }

        assertThat(store.trace("%032x".formatted(1))).isEmpty();
        assertThat(store.trace("%032x".formatted(200))).hasSize(1);
        double evicted = metrics.value("weir_recent_requests_evicted");
        assertThat(store.trace("%032x".formatted((int) evicted))).isEmpty();
        assertThat(store.trace("%032x".formatted((int) evicted + 1))).hasSize(1);
    }

    @Test
    void kept_aRequestLargerThanAll_isNotKept() {
        Batch large = Requests.traces("x", 200);

        store.kept(large);

        assertThat(store.bytes()).isZero();
    }

    @Test
    void after_readAgain_givesOnlyWhatIsNew() {
        store.decided(decisions(3));
        var first = store.after(0, 10);
        store.decided(decisions(2));
        var second = store.after(first.getLast().sequence(), 10);

        assertThat(first).extracting(RecentStore.Numbered::sequence).containsExactly(1L, 2L, 3L);
        assertThat(second).extracting(RecentStore.Numbered::sequence).containsExactly(4L, 5L);
        assertThat(store.after(0, 2)).isEqualTo(second);
        assertThat(store.after(5, 10)).isEmpty();
    }

    @Test
    void decided_nobodyLooks_onlyAFewASecond() {
        store.decided(decisions(100));
        assertThat(store.wanted()).isFalse();
        assertThat(store.after(0, 1000)).hasSize(DecisionRate.UNWATCHED_PER_SECOND); // looks from now on

        assertThat(store.wanted()).isTrue();
        store.decided(decisions(100));
        assertThat(store.after(0, 1000)).hasSize(DecisionRate.UNWATCHED_PER_SECOND + 100);
        assertThat(metrics.value("weir_recent_decisions_skipped")).isEqualTo(80);
    }

    @Test
    void after_ringWentRound_givesTheNewest() {
        for (int i = 0; i < 10; i++) {
            store.after(0, 1);
            store.decided(decisions(DecisionRate.WATCHED_PER_SECOND));
            timer.advance(Duration.ofSeconds(1));
        }

        var found = store.after(0, 100_000);
        assertThat(found).hasSize(4096);
        assertThat(found.getLast().sequence()).isEqualTo(20_000);
    }

    private static List<Decided> decisions(int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> new Decided("%032x".formatted(i), true, "p", "r", "deadline", "s", "n", 1, 1, 1))
                .toList();
    }

    private static Batch request(String service, Span... spans) {
        var request = ExportTraceServiceRequest.newBuilder();
        var resource = request.addResourceSpansBuilder();
        resource.getResourceBuilder().addAttributes(Requests.text("service.name", service));
        var scope = resource.addScopeSpansBuilder().addAllSpans(List.of(spans));
        scope.getScopeBuilder().setName("lib");
        return Batch.of(Signal.TRACES, request.build().toByteArray(), spans.length);
    }

    private static Span span(long trace, long id, long parent, String name, long start) {
        AnyValue list = AnyValue.newBuilder()
                .setArrayValue(ArrayValue.newBuilder()
                        .addValues(AnyValue.newBuilder().setIntValue(1))
                        .addValues(AnyValue.newBuilder().setStringValue("a\""))
                        .addValues(AnyValue.newBuilder()
                                .setKvlistValue(KeyValueList.newBuilder()
                                        .addValues(KeyValue.newBuilder()
                                                .setKey("k")
                                                .setValue(AnyValue.newBuilder().setBoolValue(true))))))
                .build();
        Span.Builder span = Span.newBuilder()
                .setTraceId(Requests.id(16, 0, trace))
                .setSpanId(Requests.id(8, 0, id))
                .setName(name)
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .setStartTimeUnixNano(start)
                .setEndTimeUnixNano(start + 500)
                .setStatus(Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage("broken"))
                .addAttributes(Requests.text("http.route", "/x"))
                .addAttributes(KeyValue.newBuilder().setKey("list").setValue(list))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("half")
                        .setValue(AnyValue.newBuilder().setDoubleValue(0.5)));
        span.addEventsBuilder()
                .setName("exception")
                .setTimeUnixNano(start + 1)
                .addAttributes(Requests.text("exception.type", "E"));
        if (parent != 0) {
            span.setParentSpanId(Requests.id(8, 0, parent));
        }
        return span.build();
    }
}
