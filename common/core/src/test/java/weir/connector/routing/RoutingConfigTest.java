package weir.connector.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weir.config.Problem;
import weir.exporter.nop.NopExporterFactory;
import weir.ottl.ErrorMode;
import weir.pipeline.Components;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.receiver.nop.NopReceiverFactory;
import weir.testing.Bound;

class RoutingConfigTest {
    private static final String FILE = """
            receivers: {nop: }
            exporters: {nop: }
            connectors:
              routing:
                default_pipelines: [traces/rest]
                table:
                  - {condition: 'attributes["a"] == "b"', pipelines: [traces/one]}
            service:
              pipelines:
                traces/in: {receivers: [nop], exporters: [routing]}
                traces/one: {receivers: [routing], exporters: [nop]}
                traces/rest: {receivers: [routing], exporters: [nop]}
            """;

    @Test
    void defaults_areTheCollectors() {
        RoutingConfig config = Bound.of(RoutingConfig.class, "table: [{condition: 'true', pipelines: [traces/a]}]");

        assertThat(config.errorMode()).isEqualTo(ErrorMode.PROPAGATE);
        assertThat(config.defaultPipelines()).isEmpty();
        assertThat(config.table()).containsExactly(new RouteConfig("", "true", "", Action.MOVE, List.of("traces/a")));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet("empty", "{}", "needs at least one entry"),
                argumentSet(
                        "no condition", "table: [{pipelines: [traces/a]}]", "needs either a condition or a statement"),
                argumentSet(
                        "both",
                        "table: [{condition: 'true', statement: route(), pipelines: [traces/a]}]",
                        "needs either a condition or a statement"),
                argumentSet("no pipelines", "table: [{condition: 'true'}]", "needs pipelines to lead to"),
                argumentSet(
                        "twice",
                        "table: [{condition: 'true', pipelines: [traces/a, traces/a]}]",
                        "'traces/a' stands here twice"),
                argumentSet(
                        "two signals",
                        "table: [{condition: 'true', pipelines: [traces/a]}]\ndefault_pipelines: [logs/a]",
                        "each signal needs a routing connector of its own"),
                argumentSet(
                        "request",
                        "table: [{context: request, condition: 'request[\"a\"] == \"b\"', pipelines: [logs/a]}]",
                        "Weir keeps no headers of requests"),
                argumentSet(
                        "context",
                        "table: [{context: span, condition: 'name == \"b\"', pipelines: [logs/a]}]",
                        "'span' is nothing that logs are routed by; there are resource, log"),
                argumentSet(
                        "spanevent",
                        "table: [{context: spanevent, condition: 'name == \"b\"', pipelines: [traces/a]}]",
                        "there are resource, span"),
                argumentSet(
                        "path",
                        "table: [{condition: 'atributes[\"a\"] == \"b\"', pipelines: [traces/a]}]",
                        "resource has no path 'atributes'"),
                argumentSet(
                        "editor",
                        "table: [{statement: 'set(attributes[\"a\"], 1)', pipelines: [traces/a]}]",
                        "`set` is not for routing"),
                argumentSet("repeated", """
                        table:
                          - {condition: 'attributes["a"] == "b"', pipelines: [traces/a]}
                          - {context: resource, statement: 'route() where attributes["a"] == "b"', pipelines: [traces/b]}
                        """, "has the condition of table[0], and so no effect"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void check_mistake_isTold(String yaml, String expected) {
        assertThat(Problem.render(Bound.problems(RoutingConfig.class, yaml), false))
                .contains(expected);
    }

    private static String problems(String text) {
        LoadResult result = PipelineFiles.load(
                "f.yaml",
                text,
                Components.of(
                        "gateway", new NopReceiverFactory(), new NopExporterFactory(), new RoutingConnectorFactory()),
                _ -> null);
        return Problem.render(result.problems(), false);
    }

    @Test
    void load_pipelinesThatAreThere_areNoProblem() {
        assertThat(problems(FILE)).isEmpty();
    }

    @Test
    void load_pipelineThatIsNotThere_isToldWhereItIsNamed() {
        assertThat(problems(FILE.replace("pipelines: [traces/one]", "pipelines: [traces/on]")))
                .contains("'traces/on' is named in connectors.routing.table[0].pipelines[0] but is no pipeline")
                .contains("did you mean 'traces/one'?")
                .contains("f.yaml:7:");
    }

    @Test
    void load_pipelineThatDoesNotReceiveFromIt_isTold() {
        assertThat(problems(FILE.replace("traces/one: {receivers: [routing]", "traces/one: {receivers: [nop]")))
                .contains(
                        "the pipeline 'traces/one' is named in connectors.routing.table[0].pipelines[0] but 'routing' is"
                                + " not among its receivers");
    }

    @Test
    void load_pipelineThatNothingIsLedTo_isAWarning() {
        assertThat(problems(FILE.replace("default_pipelines: [traces/rest]", "")))
                .contains("warning")
                .contains("the pipeline 'traces/rest' has 'routing' as a receiver, which never leads there");
    }

    @Test
    void load_pipelineOfAnotherSignalThatNothingIsLedTo_isAnError() {
        LoadResult result = PipelineFiles.load(
                "f.yaml",
                FILE + """
                    logs/in: {receivers: [nop], exporters: [routing]}
                    logs/out: {receivers: [routing], exporters: [nop]}
                """,
                Components.of(
                        "gateway", new NopReceiverFactory(), new NopExporterFactory(), new RoutingConnectorFactory()),
                _ -> null);

        assertThat(result.model()).isNull();
        assertThat(Problem.render(result.problems(), false)).contains("the pipeline 'logs/out' has 'routing'");
    }
}
