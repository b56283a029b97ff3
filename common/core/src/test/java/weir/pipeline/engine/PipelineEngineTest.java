package weir.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import weir.hash.Membership;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Components;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.HandsOver;
import weir.pipeline.Ledger;
import weir.pipeline.Processor;
import weir.pipeline.Reason;
import weir.pipeline.TraceOwners;
import weir.pipeline.file.PipelineFiles;
import weir.telemetry.Metrics;
import weir.testing.FakeComponents;
import weir.testing.ManualTimer;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;

class PipelineEngineTest {
    private static final Batch BATCH = Batch.of(Signal.TRACES, new byte[0], 5);

    private static final String LINE = """
            traces: {receivers: [in], processors: [step/a, step/b], exporters: [out/x, bridge]}
            metrics: {receivers: [bridge], exporters: [out/x]}
            """;
    private static final String FORK = """
            traces: {receivers: [in], exporters: [out/x, out/y]}
            """;

    private final FakeComponents fakes = new FakeComponents();
    private final Metrics metrics = new Metrics();
    private final List<Delivery> deliveries = new ArrayList<>();

    /** @param failing an id and what it fails on: step/b=start; empty: none */
    private PipelineEngine engine(String failing, String pipelines) {
        String id = failing.split("=")[0];
        String configured = """
                receivers: {in: }
                processors: {step/a: , step/b: }
                connectors: {bridge: }
                exporters: {out/x: , out/y: }
                extensions: {side: }
                """;
        if (!failing.isEmpty()) {
            configured = configured.replace(id + ":", id + ": {fail: " + failing.split("=")[1] + "}");
        }
        String text = configured + "service:\n  extensions: [side]\n  pipelines:\n" + pipelines.indent(4);
        return PipelineEngine.build(
                PipelineFiles.load("test.yaml", text, fakes.components(), name -> null)
                        .orThrow(),
                TestContexts.process(),
                metrics,
                new ManualTimer());
    }

    private Consumer in(Signal signal) {
        return Objects.requireNonNull(
                Objects.requireNonNull(fakes.receivers.get("in")).get(signal));
    }

    private RecordingConsumer out(String idAndSignal) {
        return Objects.requireNonNull(fakes.exported.get(idAndSignal));
    }

    @Test
    void startDrainClose_goInTheirOrders() throws Exception {
        PipelineEngine engine = engine("", LINE);

        engine.start();
        assertThat(fakes.log)
                .containsExactly(
                        "start extension side",
                        "start exporter out/x",
                        "start exporter out/x",
                        "start connector bridge",
                        "start processor step/b",
                        "start processor step/a",
                        "start receiver in");
        fakes.log.clear();
        assertThat(engine.drain(Duration.ofSeconds(1))).isTrue();
        engine.close();
        engine.close();

        assertThat(fakes.log)
                .containsExactly(
                        "drain receiver in",
                        "drain processor step/a",
                        "drain processor step/b",
                        "drain connector bridge",
                        "drain exporter out/x",
                        "drain exporter out/x",
                        "drain extension side",
                        "close receiver in",
                        "close processor step/a",
                        "close processor step/b",
                        "close connector bridge",
                        "close exporter out/x",
                        "close exporter out/x",
                        "close extension side");
    }

    @Test
    void start_oneFails_closesWhatWasStartedAndNamesIt() {
        PipelineEngine engine = engine("step/b=start", LINE);

        assertThatThrownBy(engine::start).hasMessage("processor step/b (traces) could not start: made to fail");

        assertThat(fakes.log)
                .endsWith(
                        "start processor step/b",
                        "close processor step/b",
                        "close connector bridge",
                        "close exporter out/x",
                        "close exporter out/x",
                        "close extension side")
                .doesNotContain("start processor step/a", "close processor step/a");
    }

    @Test
    void close_oneFails_theOthersAreClosed() throws Exception {
        PipelineEngine engine = engine("step/b=close", LINE);
        engine.start();

        engine.close();

        assertThat(fakes.log).endsWith("close extension side");
    }

    @Test
    void consume_throughForkAndConnector_reachesAllAndBalances() {
        PipelineEngine engine = engine("", LINE);

        in(Signal.TRACES).consume(BATCH, deliveries::add);

        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(out("out/x traces").batches()).containsExactly(BATCH);
        assertThat(out("out/x metrics").items()).isEqualTo(5);
        assertThat(engine.ledgers()).allSatisfy(l -> assertThat(l.difference()).isZero());
        assertThat(engine.totals("exporter").delivered()).isEqualTo(10);
        assertThat(engine.totals("exporter").held()).isZero();
        assertThat(metrics.value("otelcol_processor_incoming_items", "processor", "step/a", "otel_signal", "traces"))
                .isEqualTo(5);
        assertThat(metrics.value("otelcol_processor_outgoing_items", "processor", "step/b"))
                .isEqualTo(5);
    }

    @Test
    void consume_oneOfTwoExportersWantsItLater_isToldWhenBothHaveAnswered() {
        engine("", FORK);
        out("out/y traces").hold();

        in(Signal.TRACES).consume(BATCH, deliveries::add);
        assertThat(deliveries).isEmpty();
        Delivery later = Delivery.retryLater(Duration.ofSeconds(3), Reason.QUEUE_FULL, "full");
        out("out/y traces").completeNext(later);

        assertThat(deliveries).containsExactly(later);
    }

    @Test
    void consume_componentThrows_isRejectedOnceAndCounted() {
        engine("out/y=consume", FORK);

        in(Signal.TRACES).consume(BATCH, deliveries::add);

        assertThat(deliveries)
                .containsExactly(Delivery.rejected(Reason.INTERNAL_ERROR, "exporter out/y failed; its log says why"));
        assertThat(metrics.value("weir_component_failures", "component", "out/y"))
                .isEqualTo(1);
        assertThat(out("out/x traces").batches()).hasSize(1);
    }

    @Test
    void consume_virtualMachineFails_mayBeSentAgain() {
        engine("out/y=error", FORK);

        in(Signal.TRACES).consume(BATCH, deliveries::add);

        assertThat(deliveries).singleElement().isInstanceOf(Delivery.RetryLater.class);
    }

    @Test
    void consume_componentCompletesTwice_countsTheSecondAndPassesOn() {
        engine("out/y=twice", FORK);

        in(Signal.TRACES).consume(BATCH, deliveries::add);

        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(metrics.value("weir_component_repeated_completions", "component", "out/y"))
                .isEqualTo(1);
    }

    @Test
    void components_sharedByPipelines_areMadeOncePerSignal() {
        PipelineEngine engine = engine("", """
                traces: {receivers: [in], processors: [step/a], exporters: [out/x]}
                traces/2: {receivers: [in], processors: [step/a], exporters: [out/x]}
                metrics: {receivers: [in], exporters: [out/x]}
                """);

        in(Signal.TRACES).consume(BATCH, deliveries::add);

        assertThat(deliveries).hasSize(1);
        assertThat(out("out/x traces").batches()).hasSize(2);
        assertThat(engine.components().stream()
                        .map(PipelineEngine.Running::label)
                        .toList())
                .containsExactlyInAnyOrder(
                        "extension side",
                        "exporter out/x (traces)",
                        "exporter out/x (metrics)",
                        "processor step/a (traces)",
                        "processor step/a (traces/2)",
                        "receiver in");
        assertThat(engine.ledgers().stream().filter(l -> l.component().equals("step/a")))
                .singleElement()
                .extracting(Ledger::deliveredItems)
                .isEqualTo(10L);
    }

    @Test
    void troubles_componentInTrouble_isNamed() {
        PipelineEngine engine = engine("step/a=trouble", LINE);

        assertThat(engine.troubles()).singleElement().satisfies(t -> {
            assertThat(t.id()).hasToString("step/a");
            assertThat(t.text()).isEqualTo("in trouble");
        });
    }

    /** Knows the owners, or hands over what it holds. */
    private abstract static class Passing implements Processor {
        private final Consumer next;

        Passing(Consumer next) {
            this.next = next;
        }

        @Override
        public void consume(Batch batch, DeliveryCallback done) {
            next.consume(batch, done);
        }
    }

    private static final class Knowing extends Passing implements TraceOwners {
        Knowing(Consumer next) {
            super(next);
        }

        @Override
        public Membership members() {
            return Membership.of(List.of(), 0);
        }

        @Override
        public String self() {
            return "";
        }

        @Override
        public long bytesPerSecond() {
            return 1;
        }

        @Override
        public void send(Batch batch, int to, DeliveryCallback done) {
            done.complete(Delivery.ACCEPTED);
        }
    }

    private static final class Holding extends Passing implements HandsOver {
        private final List<TraceOwners> told = new ArrayList<>();

        Holding(Consumer next) {
            super(next);
        }

        @Override
        public void handOverTo(TraceOwners owners) {
            told.add(owners);
        }
    }

    private record Making(String type, Function<Consumer, Processor> maker)
            implements ComponentFactory.OfProcessor<FakeComponents.Config> {
        @Override
        public Class<FakeComponents.Config> configType() {
            return FakeComponents.Config.class;
        }

        @Override
        public Set<Signal> signals() {
            return Set.of(Signal.TRACES);
        }

        @Override
        public Processor create(ComponentContext context, FakeComponents.Config config, Consumer next) {
            return maker.apply(next);
        }
    }

    @Test
    void build_whoKnowsTheOwners_isToldToThoseBehindItInItsPipeline() {
        List<ComponentFactory<?>> factories = new ArrayList<>(fakes.components().all());
        factories.add(new Making("knowing", Knowing::new));
        factories.add(new Making("holding", Holding::new));
        String text = """
                receivers: {in: }
                processors: {knowing: , step: , holding: , holding/before: }
                exporters: {out/x: }
                service:
                  pipelines:
                    traces: {receivers: [in], processors: [holding/before, knowing, step, holding], exporters: [out/x]}
                    traces/other: {receivers: [in], processors: [holding], exporters: [out/x]}
                """;

        PipelineEngine engine = PipelineEngine.build(
                PipelineFiles.load("test.yaml", text, Components.of("gateway", factories), name -> null)
                        .orThrow(),
                TestContexts.process(),
                metrics,
                new ManualTimer());

        Knowing knowing = engine.components(Knowing.class).getFirst();
        assertThat(engine.components().stream()
                        .filter(running -> running.component() instanceof Holding)
                        .collect(Collectors.toMap(
                                running -> running.context().pipeline() + " "
                                        + running.context().id(),
                                running -> ((Holding) running.component()).told)))
                .isEqualTo(Map.of(
                        "traces holding",
                        List.of(knowing),
                        "traces holding/before",
                        List.of(),
                        "traces/other holding",
                        List.of()));
    }
}
