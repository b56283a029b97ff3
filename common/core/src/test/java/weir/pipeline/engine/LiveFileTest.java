package weir.pipeline.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.Option;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Components;
import weir.pipeline.Consumer;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Exporter;
import weir.pipeline.Receiver;
import weir.pipeline.Reloadable;
import weir.pipeline.engine.LiveFile.Condition;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.ServiceTelemetry;
import weir.pipeline.file.ServiceTelemetry.LogLevel;
import weir.telemetry.Metrics;
import weir.testing.ManualTimer;
import weir.testing.TestContexts;

class LiveFileTest {
    record Own(
            @Option(doc = "live", live = true) List<String> policies,
            @Option(doc = "not live") String directory) {}

    record Config(
            @Option(doc = "not live") String endpoint,
            @Option(doc = "nested") Own weir) {}

    private final List<Config> taken = new ArrayList<>();
    private final List<LogLevel> levels = new ArrayList<>();
    private final Metrics metrics = new Metrics();

    private final class Sampler implements Exporter, Reloadable<Config> {
        @Override
        public void consume(Batch batch, DeliveryCallback done) {}

        @Override
        public void reload(Config config) {
            if (config.weir().policies().contains("bad")) {
                throw new IllegalArgumentException("a bad policy");
            }
            taken.add(config);
        }
    }

    private static final class In implements ComponentFactory.OfReceiver<Config> {
        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Set<Signal> signals() {
            return Set.of(Signal.TRACES);
        }

        @Override
        public String type() {
            return "in";
        }

        @Override
        public Receiver create(ComponentContext context, Config config, Map<Signal, Consumer> next) {
            return new Receiver() {};
        }
    }

    private final class Out implements ComponentFactory.OfExporter<Config> {
        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Set<Signal> signals() {
            return Set.of(Signal.TRACES);
        }

        @Override
        public String type() {
            return "out";
        }

        @Override
        public Exporter create(ComponentContext context, Config config) {
            return new Sampler();
        }
    }

    private static final String TEXT = """
            receivers: {in: {endpoint: a}}
            exporters: {out: {endpoint: b, weir: {policies: [p], directory: d}}}
            service:
              telemetry: {logs: {level: info}}
              pipelines:
                traces: {receivers: [in], exporters: [out]}
            """;

    @TempDir
    private Path dir;

    private @Nullable PipelineEngine engine;
    private @Nullable LiveFile live;

    @BeforeEach
    void load() throws Exception {
        Path file = Files.writeString(dir.resolve("gateway.yaml"), TEXT);
        Components components = Components.of("gateway", new In(), new Out());
        engine = PipelineEngine.build(
                PipelineFiles.load(file, components).orThrow(), TestContexts.process(), metrics, new ManualTimer());
        live = new LiveFile(file, TEXT, components, engine, metrics, t -> levels.add(level(t)));
    }

    private static LogLevel level(ServiceTelemetry telemetry) {
        return telemetry.logs().level();
    }

    private LiveFile change(String from, String to) throws Exception {
        Files.writeString(dir.resolve("gateway.yaml"), TEXT.replace(from, to));
        LiveFile looked = Objects.requireNonNull(live);
        looked.look();
        return looked;
    }

    @Test
    void look_liveOptionChanged_isTakenOnce() throws Exception {
        change("[p]", "[p, q]");
        LiveFile file = change("[p]", "[p, q]");

        assertThat(taken).extracting(c -> c.weir().policies()).containsExactly(List.of("p", "q"));
        assertThat(file.condition()).isEqualTo(Condition.AS_WRITTEN);
        assertThat(metrics.value("weir_config_reloads", "result", "as_written")).isEqualTo(1);
    }

    @Test
    void look_otherOptionChanged_saysWhatNeedsARestart() throws Exception {
        LiveFile file = change("a}", "z}");

        assertThat(taken).isEmpty();
        assertThat(file.condition()).isEqualTo(Condition.RESTART_NEEDED);
        assertThat(file.trouble()).endsWith("at the next start: receivers.in.endpoint");

        assertThat(change("a}", "a}").condition()).isEqualTo(Condition.AS_WRITTEN);
    }

    @Test
    void look_liveAndOtherOptionOfOneComponent_takesNeither() throws Exception {
        LiveFile file = change("[p], directory: d", "[q], directory: e");

        assertThat(taken).isEmpty();
        assertThat(file.trouble()).endsWith("exporters.out.weir.directory, exporters.out.weir.policies");
    }

    @Test
    void look_invalidFile_changesNothingUntilItIsMended() throws Exception {
        LiveFile file = change("policies", "polices");

        assertThat(file.condition()).isEqualTo(Condition.INVALID);
        assertThat(file.trouble()).contains("did you mean 'policies'?");
        assertThat(taken).isEmpty();

        assertThat(change("[p]", "[q]").condition()).isEqualTo(Condition.AS_WRITTEN);
        assertThat(taken).hasSize(1);
    }

    @Test
    void look_missingFile_isInvalidUntilItIsBack() throws Exception {
        Files.delete(dir.resolve("gateway.yaml"));
        LiveFile file = Objects.requireNonNull(live);
        file.look();
        assertThat(file.condition()).isEqualTo(Condition.INVALID);

        assertThat(change("x", "x").condition()).isEqualTo(Condition.AS_WRITTEN);
    }

    @Test
    void look_componentRefuses_isInvalid() throws Exception {
        assertThat(change("[p]", "[bad]").trouble()).endsWith("a bad policy");
    }

    @Test
    void look_logLevelChanged_isPassedOn() throws Exception {
        LiveFile file = change("info", "debug");

        assertThat(levels).containsExactly(LogLevel.DEBUG);
        assertThat(file.condition()).isEqualTo(Condition.AS_WRITTEN);
    }

    @Test
    void plan_pipelineAdded_needsARestart() throws Exception {
        LiveFile file = change("traces: ", "traces/2: {receivers: [in], exporters: [out]}\n    traces: ");

        assertThat(file.trouble()).endsWith("service.pipelines");
        assertThat(Objects.requireNonNull(engine).pipelines()).hasSize(1);
    }
}
