package weir.pipeline.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import weir.otlp.Signal;
import weir.pipeline.ComponentId;
import weir.pipeline.Components.Kind;
import weir.testing.FakeComponents;

class PipelineFilesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("TOKEN", "abc: def", "WAIT", "7s");

    private static LoadResult load(String text) {
        return PipelineFiles.load("gateway.yaml", text, new FakeComponents().components(), ENVIRONMENT::get);
    }

    @Test
    void load_goodFile_bindsComponentsAndPipelines() {
        LoadResult result = load("""
                receivers:
                  in:
                processors:
                  step/slow: {timeout: "${env:WAIT}", token: "${TOKEN}"}
                exporters:
                  out: {nested: }
                service:
                  telemetry:
                    metrics: {readers: [{pull: {exporter: {prometheus: {host: 0.0.0.0, port: 8889}}}}]}
                  pipelines:
                    traces/a:
                      receivers: [in]
                      processors: [step/slow]
                      exporters: [out]
                """);

        assertThat(result.render(false)).isEmpty();
        PipelineModel model = result.orThrow();
        assertThat(model.pipelines()).singleElement().satisfies(p -> {
            assertThat(p.name()).isEqualTo("traces/a");
            assertThat(p.signal()).isEqualTo(Signal.TRACES);
            assertThat(p.processors()).containsExactly(new ComponentId("step", "slow"));
        });
        var step = (FakeComponents.Config)
                Objects.requireNonNull(model.find(Kind.PROCESSOR, new ComponentId("step", "slow")))
                        .config();
        assertThat(step.timeout()).hasSeconds(7);
        assertThat(step.token().reveal()).isEqualTo("abc: def");
        assertThat(step.nested()).isNull();
        assertThat(model.telemetry().endpoint()).contains(new ServiceTelemetry.Endpoint("0.0.0.0", 8889, true));
        assertThat(model.sha256()).hasSize(64);
    }

    @Test
    void load_manyMistakes_tellsAllAtOnceInTheFilesOrder() {
        LoadResult result = load("""
                receivers:
                  in:
                    endpiont: localhost:4317
                    timeout: 10
                processors:
                  step:
                    count: 4
                    nested: {enabled: on}
                    token: hunter2
                    timeout: -1s
                  stop: {}
                exporters:
                  out: {endpoint: 0.0.0.0:4317}
                service:
                  pipelines:
                    traces:
                      receivers: [in, outt]
                      processors: [step, stop]
                      exporters: [out, ou]
                    logs:
                      receivers: [in]
                      processors: [step]
                      exporters: [out]
                """);

        assertThat(result.model()).isNull();
        assertThat(result.render(false)).isEqualTo("""
                gateway.yaml:3:5   error  unknown option 'endpiont' in receivers.in
                    3 |     endpiont: localhost:4317
                      |     ^^^^^^^^  did you mean 'endpoint'?
                gateway.yaml:4:14  error  expected a duration such as 10s or 1m30s, found '10'
                    4 |     timeout: 10
                      |              ^^  add a unit, as in 10s
                gateway.yaml:7:5   error  unknown option 'count' in processors.step
                    7 |     count: 4
                      |     ^^^^^  it belongs under 'nested'
                gateway.yaml:8:23  error  expected true or false, found 'on'
                    8 |     nested: {enabled: on}
                      |                       ^^  in YAML 1.2 this is text; write true
                gateway.yaml:11:3  error  unknown processor 'stop'
                   11 |   stop: {}
                      |   ^^^^  did you mean 'step'?
                gateway.yaml:13:19 warn   listens on all interfaces without TLS
                   13 |   out: {endpoint: 0.0.0.0:4317}
                      |                   ^^^^^^^^^^^^
                gateway.yaml:17:23 error  'outt' is named in traces but not configured in receivers or connectors
                   17 |       receivers: [in, outt]
                      |                       ^^^^  there is only 'in'
                gateway.yaml:19:24 error  'ou' is named in traces but not configured in exporters or connectors
                   19 |       exporters: [out, ou]
                      |                        ^^  did you mean 'out'?
                gateway.yaml:22:20 error  the processor 'step' cannot stand in the processors of a pipeline of logs
                   22 |       processors: [step]
                      |                    ^^^^  it handles traces, metrics
                8 errors, 1 warning. Nothing was applied.
                """);
    }
}
