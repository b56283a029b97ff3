package weir.pipeline.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weir.config.Problem;
import weir.connector.forward.ForwardConnectorFactory;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Components;
import weir.testing.FakeComponents;

class GraphTest {
    private static final String COMPONENTS = """
            receivers: {in: }
            processors: {step: }
            connectors: {bridge: }
            exporters: {out: }
            """;
    private static final String ALL_USED = """
            logs: {receivers: [in], exporters: [out]}
            metrics/all: {receivers: [bridge], processors: [step], exporters: [out]}
            traces/all: {receivers: [in], exporters: [bridge]}
            """;

    private static LoadResult load(String text) {
        return PipelineFiles.load("f.yaml", text, new FakeComponents().components(), name -> null);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet("no receivers", "traces: {exporters: [out]}", "the pipeline 'traces' has no receivers"),
                argumentSet(
                        "no exporters",
                        "traces: {receivers: [in], exporters: }",
                        "the pipeline 'traces' has no exporters"),
                argumentSet(
                        "signal",
                        "trace: {receivers: [in], exporters: [out]}",
                        "'trace' is no pipeline: its name begins with its signal | did you mean 'traces'?"),
                argumentSet(
                        "profiles",
                        "profiles: {receivers: [in], exporters: [out]}",
                        "the collector has pipelines of profiles, Weir does not"),
                argumentSet(
                        "dangling",
                        "traces: {receivers: [in/2], exporters: [out]}",
                        "'in/2' is named in traces but not configured in receivers or connectors"),
                argumentSet(
                        "twice",
                        "traces: {receivers: [in], processors: [step, step], exporters: [out]}",
                        "'step' stands twice in the processors of traces"),
                argumentSet(
                        "no list",
                        "traces: {receivers: in, exporters: [out]}",
                        "expected a list, found 'in' | write it as [a, b]"),
                argumentSet(
                        "no id",
                        "traces: {receivers: [{}], exporters: [out]}",
                        "expected a component id, found a mapping"),
                argumentSet(
                        "option",
                        "traces: {receiver: [in], receivers: [in], exporters: [out]}",
                        "unknown option 'receiver' in service.pipelines.traces | did you mean 'receivers'?"),
                argumentSet(
                        "signal of a processor",
                        "logs/2: {receivers: [in], processors: [step], exporters: [out]}",
                        "the processor 'step' cannot stand in the processors of a pipeline of logs"),
                argumentSet(
                        "signal of a connector",
                        "logs/2: {receivers: [in], exporters: [bridge]}",
                        "the connector 'bridge' cannot stand in the exporters of a pipeline of logs | it handles traces"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void load_mistakeInAPipeline_isExplained(String pipeline, String expected) {
        LoadResult result = load(COMPONENTS + "service:\n  pipelines:\n" + (ALL_USED + pipeline).indent(4));

        assertThat(result.problems())
                .singleElement()
                .satisfies(p -> assertThat((p.message() + " | " + p.hint())).startsWith(expected));
    }

    @Test
    void load_goodPipelines_haveNoProblems() {
        assertThat(load(COMPONENTS + "service:\n  pipelines:\n" + ALL_USED.indent(4))
                        .problems())
                .isEmpty();
    }

    @Test
    void load_connectorOnOneSide_isAnError() {
        LoadResult result = load("""
                receivers: {in: }
                connectors: {bridge/a: , bridge/b: }
                exporters: {out: }
                service:
                  pipelines:
                    traces: {receivers: [in], exporters: [bridge/a]}
                    metrics: {receivers: [bridge/b], exporters: [out]}
                """);

        assertThat(result.problems().stream().map(Problem::message))
                .containsExactly(
                        "the connector 'bridge/a' leads nowhere: no pipeline has it as a receiver",
                        "nothing enters the connector 'bridge/b': no pipeline has it as an exporter");
    }

    @Test
    void load_connectorOfOneSignalToItself_needsBothSidesOfEach() {
        LoadResult result = loadWithForward("""
                traces: {receivers: [in], exporters: [forward]}
                metrics: {receivers: [in], exporters: [forward]}
                metrics/2: {receivers: [forward], exporters: [out]}
                logs: {receivers: [forward], exporters: [out]}
                """);

        assertThat(result.problems().stream().map(Problem::message))
                .containsExactly(
                        "the connector 'forward' leads nowhere: no pipeline of traces has it as a receiver",
                        "nothing enters the connector 'forward': no pipeline of logs has it as an exporter");
    }

    @Test
    void load_connectorThatKeepsSignalsApart_isNoCircle() {
        assertThat(loadWithForward("""
                traces: {receivers: [in], exporters: [forward]}
                traces/2: {receivers: [forward], exporters: [bridge]}
                metrics: {receivers: [bridge], exporters: [forward]}
                metrics/2: {receivers: [forward], exporters: [out]}
                """).problems()).isEmpty();
    }

    private static LoadResult loadWithForward(String pipelines) {
        List<ComponentFactory<?>> factories =
                new ArrayList<>(new FakeComponents().components().all());
        factories.add(new ForwardConnectorFactory());
        String bridge = pipelines.contains("bridge") ? ", bridge: " : "";
        return PipelineFiles.load(
                "f.yaml",
                "receivers: {in: }\nexporters: {out: }\nconnectors: {forward: " + bridge + "}\nservice:\n  pipelines:\n"
                        + pipelines.indent(4),
                Components.of("gateway", factories),
                name -> null);
    }

    @Test
    void load_circle_isDrawn() {
        LoadResult result = loadWithForward("""
                traces: {receivers: [in], exporters: [forward]}
                traces/1: {receivers: [forward], exporters: [forward, out]}
                """);

        assertThat(result.problems().stream().map(Problem::message))
                .containsExactly("pipelines lead back to themselves: traces/1 -> forward -> traces/1");
    }

    @Test
    void load_unusedAndUnlisted_areWarnings() {
        LoadResult result = load("""
                receivers: {in: , in/2: }
                exporters: {out: }
                extensions: {side: }
                service:
                  pipelines:
                    traces: {receivers: [in], exporters: [out]}
                """);

        assertThat(result.model()).isNotNull();
        assertThat(result.render(false)).isEqualTo("""
                f.yaml:1:19 warn   the receiver 'in/2' is configured but not used
                    1 | receivers: {in: , in/2: }
                      |                   ^^^^  name it in a pipeline
                f.yaml:3:14 warn   the extension 'side' is configured but not used
                    3 | extensions: {side: }
                      |              ^^^^  name it in service.extensions
                2 warnings.
                """);
    }

    @Test
    void load_typesOfOthers_areToldApart() {
        LoadResult result = load("""
                receivers: {in: , hostmetrics: , step: , inn: }
                exporters: {out: , loadbalancing: , out/: }
                pipelines: {}
                service:
                  pipeline: {}
                  telemetry: {logs: {level: trace}, metrics: {views: []}}
                """);

        assertThat(result.problems().stream().map(p -> p.message() + " | " + p.hint()))
                .containsExactly(
                        "the collector has the receiver 'hostmetrics', Weir does not | keep the collector for host metrics,"
                                + " with an OTLP exporter to Weir",
                        "'step' is no receiver | it is a processor",
                        "unknown receiver 'inn' | did you mean 'in'?",
                        "the exporter 'loadbalancing' is a component of the agent, this is the gateway | run ./weir agent",
                        "'out/' is no component id | write type or type/name",
                        "unknown section 'pipelines' | there are connectors, exporters, extensions, processors,"
                                + " receivers, service",
                        "service.pipelines has no pipeline | name one such as traces, with receivers and exporters",
                        "unknown option 'pipeline' in service | did you mean 'pipelines'?",
                        "expected one of debug, info, warn, error; found 'trace' | ",
                        "the collector has 'metrics.views', Weir does not: all metrics are shown | remove it");
    }

    @Test
    void load_emptyFileOrNoMapping_isExplained() {
        assertThat(load("").render(false)).isEqualTo("""
                f.yaml error  the file is empty
                      it has receivers, processors, exporters and service
                1 error. Nothing was applied.
                """);
        assertThat(load("- a").problems()).extracting(Problem::message).containsExactly("the file is not a mapping");
    }

    @Test
    void load_largeFile_isLoaded() {
        StringBuilder text = new StringBuilder("receivers:\n  in/0: &common {timeout: 3s, nested: {count: 9}}\n");
        StringBuilder processors = new StringBuilder("processors:\n");
        StringBuilder exporters = new StringBuilder("exporters:\n");
        StringBuilder pipelines = new StringBuilder("service:\n  pipelines:\n");
        for (int i = 1; i <= 300; i++) {
            text.append("  in/")
                    .append(i)
                    .append(":\n    <<: *common\n    endpoint: localhost:")
                    .append(i)
                    .append('\n');
            processors.append("  step/").append(i).append(": {timeout: \"${env:NONE:-5s}\"}\n");
            exporters.append("  out/").append(i).append(": *common\n");
            pipelines.append("    traces/%d: {receivers: [in/%d], processors: [step/%d], exporters: [out/%d]}\n"
                    .formatted(i, i, i, i));
        }
        text.append(processors).append(exporters).append(pipelines);
        text.append("    logs: {receivers: [in/0], exporters: [out/1]}\n");

        LoadResult result = load(text.toString());

        assertThat(result.render(false)).isEmpty();
        assertThat(result.orThrow().pipelines()).hasSize(301);
    }
}
