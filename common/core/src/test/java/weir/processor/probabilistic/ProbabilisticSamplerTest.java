package weir.processor.probabilistic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.OtlpSamples;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.processor.probabilistic.ProbabilisticSamplerConfig.Mode;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;
import weir.tracestate.TraceState;

class ProbabilisticSamplerTest {
    private static final Delivery LATER =
            Delivery.retryLater(java.time.Duration.ZERO, Reason.QUEUE_FULL, "sending queue is full");

    private final ComponentContext context = TestContexts.of("processor", "probabilistic_sampler", Signal.TRACES);
    private final ComponentContext logs = TestContexts.of("processor", "probabilistic_sampler", Signal.LOGS);
    private final RecordingConsumer next = new RecordingConsumer();
    private final List<Delivery> answers = new ArrayList<>();

    @Test
    void consume_hashSeed_keepsItsShareAndSaysSo() throws Exception {
        List<Span> kept = sampled(config(25, Mode.HASH_SEED, true), spans(4000, ""));

        assertThat(kept).hasSizeBetween(900, 1100).allSatisfy(span -> {
            TraceState state = new TraceState();
            byte[] text = span.getTraceStateBytes().toByteArray();
            assertThat(state.parse(text, 0, text.length)).isTrue();
            assertThat(state.threshold()).isEqualTo(0xcL << 52);
            assertThat(state.randomness()).isGreaterThanOrEqualTo(state.threshold());
        });
        assertThat(context.ledger().droppedItems(Reason.NOT_SAMPLED)).isEqualTo(4000 - kept.size());
        assertThat(metric("trace_id_hash", "true")).isEqualTo(kept.size());
        assertThat(metric("trace_id_hash", "false")).isEqualTo(4000 - kept.size());
    }

    @Test
    void consume_equalizing_raisesLowerThresholdsOnly() throws Exception {
        List<Span> input = new ArrayList<>(spans(2000, ""));
        input.addAll(spans(2000, "ot=th:e,a=1"));
        List<Span> sound = input.stream()
                .filter(s -> s.getTraceState().isEmpty() || low(s) >= 0xeL << 52)
                .toList();

        List<Span> kept = sampled(config(25, Mode.EQUALIZING, true), sound);

        assertThat(kept).allSatisfy(s -> assertThat(low(s)).isGreaterThanOrEqualTo(0xcL << 52));
        assertThat(kept.stream().map(Span::getTraceState)).containsOnly("ot=th:c", "ot=th:e,a=1");
        assertThat(kept.stream().filter(s -> s.getTraceState().endsWith("a=1"))).hasSize((int)
                sound.stream().filter(s -> s.getTraceState().endsWith("a=1")).count());
    }

    @Test
    void consume_proportional_keepsAShareOfWhatComes() throws Exception {
        List<Span> sound =
                spans(8000, "ot=th:8").stream().filter(s -> low(s) >= 1L << 55).toList();

        List<Span> kept = sampled(config(50, Mode.PROPORTIONAL, true), sound);

        assertThat((double) kept.size() / sound.size()).isBetween(0.46, 0.54);
        assertThat(kept.stream().map(Span::getTraceState)).containsOnly("ot=th:c");
    }

    @Test
    void consume_explicitRandomness_decidesInsteadOfTheId() throws Exception {
        List<Span> kept = sampled(
                config(50, Mode.PROPORTIONAL, true),
                List.of(span("ot=rv:7fffffffffffff"), span("ot=rv:80000000000000"), span("ot=rv:ffffffffffffff;x:1")));

        assertThat(kept.stream().map(Span::getTraceState))
                .containsExactly("ot=rv:80000000000000;th:8", "ot=rv:ffffffffffffff;th:8;x:1");
    }

    @Test
    void consume_contradictions_areDroppedOrKeptAsConfigured() throws Exception {
        List<Span> odd = List.of(
                span("ot=th:c;rv:80000000000000"),
                span("nonsense"),
                OtlpSamples.spanBuilder(1, 1).clearTraceId().build());

        assertThat(sampled(config(100, Mode.EQUALIZING, true), odd)).isEmpty();
        List<Span> kept = sampled(config(100, Mode.EQUALIZING, false), odd);

        assertThat(kept.stream().map(Span::getTraceState))
                .containsExactly("ot=rv:80000000000000;th:0", "nonsense", "ot=th:0");
        assertThat(metric("missing_randomness", "true")).isEqualTo(2);
    }

    @Test
    void consume_hashSeedWhereThresholdsAreInUse_isAContradiction() throws Exception {
        List<Span> odd = List.of(span("ot=th:0"), span("ot=rv:ffffffffffffff"));

        assertThat(sampled(config(100, Mode.HASH_SEED, true), odd)).isEmpty();
        assertThat(sampled(config(100, Mode.HASH_SEED, false), odd)).isEqualTo(odd);
    }

    @Test
    void consume_samplingPriority_overridesAll() throws Exception {
        List<Span> wishes = new ArrayList<>();
        for (KeyValue wish : List.of(
                OtlpSamples.integer("sampling.priority", 1),
                OtlpSamples.number("sampling.priority", 0.1),
                OtlpSamples.text("sampling.priority", "2"),
                OtlpSamples.integer("sampling.priority", 0),
                OtlpSamples.text("sampling.priority", "0"),
                OtlpSamples.integer("sampling.priority", -1),
                OtlpSamples.text("sampling.priority", "high"))) {
            wishes.add(OtlpSamples.spanBuilder(1, 1).addAttributes(wish).build());
        }

        assertThat(sampled(config(0, Mode.HASH_SEED, true), wishes))
                .hasSize(3)
                .allMatch(s -> s.getTraceState().equals("ot=th:0"));
        assertThat(sampled(config(100, Mode.EQUALIZING, true), wishes)).hasSize(5);
        assertThat(metric("sampling_priority", "true")).isEqualTo(6);
    }

    @Test
    void consume_nothingChanges_isTheSameBatch() {
        Batch batch = batch(List.of(span("ot=th:8;rv:ffffffffffffff"), span("ot=th:8;rv:fffffffffffff0")));
        Batch canonical = batch(List.of(span("ot=rv:ffffffffffffff;th:8")));
        ProbabilisticSampler sampler = new ProbabilisticSampler(context, config(50, Mode.EQUALIZING, true), next);

        sampler.consume(canonical, answers::add);
        sampler.consume(batch.routed(7, true), answers::add);

        assertThat(next.batches().getFirst().bytes()).isSameAs(canonical.bytes());
        assertThat(next.batches().getLast().items()).isEqualTo(2);
        assertThat(next.batches().getLast().routedBy()).isEqualTo(7);
        assertThat(next.batches().getLast().isForwarded()).isTrue();
    }

    @Test
    void consume_nextIsFull_nothingIsCountedAsDroppedUntilItTakes() {
        ProbabilisticSampler sampler = new ProbabilisticSampler(context, config(50, Mode.HASH_SEED, true), next);
        next.then(LATER);

        sampler.consume(batch(spans(100, "")), answers::add);
        assertThat(context.ledger().refusedItems(Reason.QUEUE_FULL)).isEqualTo(100);
        sampler.consume(batch(spans(100, "")), answers::add);

        assertThat(answers).containsExactly(LATER, Delivery.ACCEPTED);
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
    }

    @Test
    void consume_logs_sayItInTheirAttributes() throws Exception {
        LogRecord plain = record(1).build();
        LogRecord sampled = record(2)
                .addAttributes(OtlpSamples.text("sampling.threshold", "80"))
                .addAttributes(OtlpSamples.text("sampling.randomness", "ffffffffffffff"))
                .build();
        LogRecord noId = record(3).clearTraceId().build();
        LogRecord wish = record(4)
                .clearTraceId()
                .addAttributes(OtlpSamples.integer("share", 100))
                .build();

        List<LogRecord> kept = logs(
                new ProbabilisticSamplerConfig(75, Mode.EQUALIZING, 0, true, 4, "traceID", "", "share"),
                sampled,
                noId,
                wish);
        assertThat(kept).hasSize(2);
        assertThat(attribute(kept.getFirst(), "sampling.threshold")).isEqualTo("8");
        assertThat(attribute(kept.getFirst(), "sampling.randomness")).isEqualTo("ffffffffffffff");
        assertThat(attribute(kept.getLast(), "sampling.threshold")).isEqualTo("0");

        List<LogRecord> hashed = logs(
                new ProbabilisticSamplerConfig(100, Mode.HASH_SEED, 22, true, 4, "record", "thread.name", ""),
                plain,
                sampled,
                noId);
        assertThat(hashed).hasSize(2).allSatisfy(r -> {
            assertThat(attribute(r, "sampling.threshold")).isEqualTo("0");
            assertThat(attribute(r, "sampling.randomness")).hasSize(14);
        });
        assertThat(logs.metrics()
                        .value(
                                "otelcol_processor_probabilistic_sampler_count_logs_sampled",
                                "policy",
                                "thread.name",
                                "sampled",
                                "true"))
                .isEqualTo(2);
    }

    private static String attribute(LogRecord record, String key) {
        List<String> values = record.getAttributesList().stream()
                .filter(a -> a.getKey().equals(key))
                .map(a -> a.getValue().getStringValue())
                .toList();
        assertThat(values).hasSizeLessThan(2);
        return values.isEmpty() ? "" : values.getFirst();
    }

    private static LogRecord.Builder record(int number) {
        return LogRecord.newBuilder()
                .setTraceId(OtlpSamples.traceId(number))
                .addAttributes(OtlpSamples.text("thread.name", "worker-3"));
    }

    private static Span span(String state) {
        return OtlpSamples.spanBuilder(1, 1).setTraceState(state).build();
    }

    /** Spans of random traces. */
    private static List<Span> spans(int n, String state) {
        SplittableRandom random = new SplittableRandom(n + state.length());
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            byte[] id = new byte[16];
            random.nextBytes(id);
            spans.add(OtlpSamples.spanBuilder(1, i)
                    .setTraceId(ByteString.copyFrom(id))
                    .setTraceState(state)
                    .build());
        }
        return spans;
    }

    private static long low(Span span) {
        return span.getTraceId().asReadOnlyByteBuffer().getLong(8) & (1L << 56) - 1;
    }

    private static Batch batch(List<Span> spans) {
        byte[] bytes =
                OtlpSamples.requestOf("checkout", spans.toArray(Span[]::new)).toByteArray();
        return Batch.of(Signal.TRACES, bytes, spans.size());
    }

    private List<Span> sampled(ProbabilisticSamplerConfig config, List<Span> spans) throws Exception {
        RecordingConsumer to = new RecordingConsumer();
        new ProbabilisticSampler(context, config, to).consume(batch(spans), answers::add);
        assertThat(answers.getLast()).isEqualTo(Delivery.ACCEPTED);
        assertThat(context.ledger().difference()).isZero();
        List<Span> kept = new ArrayList<>();
        for (Batch batch : to.batches()) {
            ExportTraceServiceRequest.parseFrom(ByteString.copyFrom(batch.bytes(), batch.offset(), batch.length()))
                    .getResourceSpansList()
                    .forEach(r -> r.getScopeSpansList().forEach(s -> kept.addAll(s.getSpansList())));
            assertThat(kept).hasSize(batch.items());
        }
        return kept;
    }

    private List<LogRecord> logs(ProbabilisticSamplerConfig config, LogRecord... records) throws Exception {
        var request = ExportLogsServiceRequest.newBuilder();
        request.addResourceLogsBuilder().addScopeLogsBuilder().addAllLogRecords(List.of(records));
        RecordingConsumer to = new RecordingConsumer();
        new ProbabilisticSampler(logs, config, to)
                .consume(Batch.of(Signal.LOGS, request.build().toByteArray(), records.length), answers::add);
        assertThat(logs.ledger().difference()).isZero();
        Batch batch = to.batches().getFirst();
        return ExportLogsServiceRequest.parseFrom(ByteString.copyFrom(batch.bytes(), batch.offset(), batch.length()))
                .getResourceLogs(0)
                .getScopeLogs(0)
                .getLogRecordsList();
    }

    private static ProbabilisticSamplerConfig config(double percentage, Mode mode, boolean failClosed) {
        return new ProbabilisticSamplerConfig(percentage, mode, 0, failClosed, 4, "traceID", "", "");
    }

    private double metric(String policy, String sampled) {
        return context.metrics()
                .value(
                        "otelcol_processor_probabilistic_sampler_count_traces_sampled",
                        "policy",
                        policy,
                        "sampled",
                        sampled);
    }
}
