package weir.launcher.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import weir.config.Binder;
import weir.config.Option;
import weir.config.Position;
import weir.config.Problems;
import weir.config.Yaml;
import weir.config.YamlReader;
import weir.exporter.nop.NopExporterFactory;
import weir.launcher.cases.Judge.Failure;
import weir.otlp.Batch;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Components;
import weir.pipeline.Connector;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Processor;
import weir.pipeline.Reason;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.PipelineModel;
import weir.receiver.nop.NopReceiverFactory;

/** Ways that fork and join, by components that do nothing but that. */
class TrialTest {
    private static final PipelineModel MODEL = PipelineFiles.load(
                    "pipelines.yaml",
                    """
                    receivers: {nop: }
                    processors: {gate: , gate/refusing: {answer: later}}
                    connectors: {pass_on: , counts: }
                    exporters: {nop/kept: , nop/gone: , nop/metrics: , nop/logs: }
                    service:
                      pipelines:
                        traces: {receivers: [nop], exporters: [pass_on, counts]}
                        traces/kept: {receivers: [pass_on], exporters: [nop/kept]}
                        traces/gone: {receivers: [pass_on], processors: [gate], exporters: [nop/gone]}
                        metrics: {receivers: [counts], exporters: [nop/metrics]}
                        logs: {receivers: [nop], processors: [gate], exporters: [nop/logs]}
                        logs/refused: {receivers: [nop], processors: [gate/refusing], exporters: [nop/logs]}
                    """,
                    Components.of(
                            "gateway",
                            new NopReceiverFactory(),
                            new NopExporterFactory(),
                            new Gate(),
                            new PassOn(),
                            new Counts()),
                    _ -> null)
            .orThrow();

    @Test
    void run_waysFork_theItemIsDroppedOnOneAndReachesTheOther() throws Exception {
        assertThat(failures("spans: [{name: a}], expect: [{dropped: gate, reaches: [nop/kept]}]"))
                .isEmpty();
        assertThat(failures("spans: [{name: a}], expect: [{dropped: gate}]"))
                .containsExactly("span 'a' was to be dropped by gate, but it was dropped by gate in traces/gone,"
                        + " reached nop/kept");
        assertThat(failures("spans: [{name: a}], expect: [{dropped: counts, reaches: [nop/kept]}]"))
                .hasSize(1);
    }

    @Test
    void run_entersAPipelineThatOnlyAConnectorFeeds() throws Exception {
        assertThat(failures("enters: traces/gone, spans: [{name: a}], expect: [{dropped: gate}]"))
                .isEmpty();
    }

    @Test
    void run_connectorMakesAtTheDrain_isFoundAmongWhatWasMade() throws Exception {
        assertThat(failures("spans: [{name: a}, {name: b}],"
                        + " makes: [{name: spans.seen, value: 2, reaches: nop/metrics}]"))
                .isEmpty();
        assertThat(failures("spans: [{name: a}], makes: [{name: spans.seen, value: 2}, {name: spans.sen}]"))
                .containsExactly(
                        "none of 1 made fits; of the nearest, its value was to be 2, it is 1",
                        "spans.sen was not made; made were: spans.seen for nop/metrics");
    }

    @Test
    void run_logsAreToldApartWithoutAttributes() throws Exception {
        assertThat(failures("enters: logs, logs: [{body: a}, {body: b}], expect: [{dropped: true}, {reaches: []}]"))
                .isEmpty();
    }

    @Test
    void run_pipelineRefuses_isAFailure() throws Exception {
        assertThat(failures("enters: logs/refused, logs: [{body: a}], expect: [{dropped: true}]"))
                .containsExactly("logs/refused refused it for now (queue_full): come again");
    }

    private static List<String> failures(String theCase) throws Exception {
        String text = "cases: [{name: it, " + theCase + "}]\n";
        Problems problems = new Problems("cases.yaml", text);
        Yaml root = Objects.requireNonNull(YamlReader.read(problems, text));
        CasesFile file = new Binder(problems, _ -> null).bind(CasesFile.class, root, Position.FILE, "cases.yaml");
        assertThat(problems.sorted()).isEmpty();
        CasesFile.Case given = Objects.requireNonNull(file).cases().getFirst();
        try (Trial trial = new Trial(MODEL, InstantSource.system())) {
            return Judge.failures(new Source("cases.yaml", text, root), 0, given, trial.run(given)).stream()
                    .map(Failure::problem)
                    .map(problem -> problem.message())
                    .toList();
        }
    }

    private record GateConfig(
            @Option(doc = "accept or later", fallback = "accept")
            String answer) {}

    private record NoOptions() {}

    /** Lets nothing through. */
    private static final class Gate implements ComponentFactory.OfProcessor<GateConfig> {
        @Override
        public String type() {
            return "gate";
        }

        @Override
        public Class<GateConfig> configType() {
            return GateConfig.class;
        }

        @Override
        public Set<Signal> signals() {
            return EnumSet.allOf(Signal.class);
        }

        @Override
        public Processor create(ComponentContext context, GateConfig config, Consumer next) {
            return (batch, done) -> done.complete(
                    config.answer().equals("accept")
                            ? Delivery.ACCEPTED
                            : Delivery.retryLater(Duration.ZERO, Reason.QUEUE_FULL, "come again"));
        }
    }

    /** Passes on to all pipelines. */
    private static final class PassOn implements ComponentFactory.OfConnector<NoOptions> {
        @Override
        public String type() {
            return "pass_on";
        }

        @Override
        public Class<NoOptions> configType() {
            return NoOptions.class;
        }

        @Override
        public Set<Signal> signals() {
            return EnumSet.of(Signal.TRACES);
        }

        @Override
        public Connector create(ComponentContext context, NoOptions config, Map<Signal, Map<String, Consumer>> next) {
            return (batch, done) -> {
                next.getOrDefault(Signal.TRACES, Map.of()).values().forEach(each -> each.consume(batch, _ -> {}));
                done.complete(Delivery.ACCEPTED);
            };
        }
    }

    /** Counts spans, and says how many when it is drained. */
    private static final class Counts implements ComponentFactory.OfConnector<NoOptions> {
        @Override
        public String type() {
            return "counts";
        }

        @Override
        public Class<NoOptions> configType() {
            return NoOptions.class;
        }

        @Override
        public Set<Signal> signals() {
            return EnumSet.of(Signal.TRACES, Signal.METRICS);
        }

        @Override
        public Connector create(ComponentContext context, NoOptions config, Map<Signal, Map<String, Consumer>> next) {
            AtomicInteger spans = new AtomicInteger();
            return new Connector() {
                @Override
                public void consume(Batch batch, DeliveryCallback done) {
                    spans.addAndGet(batch.items());
                    done.complete(Delivery.ACCEPTED);
                }

                @Override
                public boolean drain(Duration limit) {
                    Batch made = metric(spans.get());
                    next.getOrDefault(Signal.METRICS, Map.of()).values().forEach(each -> each.consume(made, _ -> {}));
                    return true;
                }
            };
        }

        private static Batch metric(int value) {
            Output out = new Output(64);
            int resource = out.begin(1);
            int scope = out.begin(2);
            int metric = out.begin(2);
            out.field(Fields.METRIC_NAME, "spans.seen");
            int gauge = out.begin(Fields.METRIC_GAUGE);
            int point = out.begin(1);
            out.fixed64(6, value);
            out.end(point).end(gauge).end(metric).end(scope).end(resource);
            return Batch.of(Signal.METRICS, out.toByteArray(), 1);
        }
    }
}
