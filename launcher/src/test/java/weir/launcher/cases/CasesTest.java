package weir.launcher.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class CasesTest {
    private static final String PIPELINES = """
            receivers: {nop: }
            processors:
              resource: {attributes: [{key: cluster, value: "${env:CLUSTER:-none}", action: upsert}]}
              batch:
              tail_sampling:
                decision_wait: 30s
                drop_pending_traces_on_shutdown: true
                num_shards: 4
                decision_cache: {sampled_cache_size: 2000000}
                policies:
                  - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                  - {name: slow, type: latency, latency: {threshold_ms: 100}}
                  - name: half of the shop
                    type: and
                    and:
                      and_sub_policy:
                        - {name: shop, type: string_attribute, string_attribute: {key: service.name, values: [shop]}}
                        - {name: half, type: probabilistic, probabilistic: {sampling_percentage: 50}}
                  - name: probes
                    type: drop
                    drop:
                      drop_sub_policy:
                        - {name: probe, type: string_attribute, string_attribute: {key: url.path, values: [/healthz]}}
                weir:
                  journal: {max_mib: 16}
                  stress: {sampling_percentage: 1}
            exporters: {nop/jaeger: , nop/store: , nop/logs: }
            service:
              pipelines:
                traces: {receivers: [nop], processors: [resource, tail_sampling, batch], exporters: [nop/jaeger]}
                traces/all: {receivers: [nop], processors: [batch], exporters: [nop/store]}
                logs: {receivers: [nop], processors: [resource, batch], exporters: [nop/logs]}
                metrics: {receivers: [nop], processors: [resource], exporters: [nop/store]}
            """;

    @TempDir
    Path directory = Path.of("");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void pipelines() throws IOException {
        Files.writeString(directory.resolve("pipelines.yaml"), PIPELINES);
    }

    @Test
    void run_exampleForTheBuiltInGateway_passes() throws Exception {
        int status = run(Path.of("..", "docs", "examples", "gateway-cases.yaml"), null);

        assertThat(said()).contains("all passed").doesNotContain("FAILED");
        assertThat(status).isZero();
    }

    @Test
    void run_casesThatHold_passAndLeaveNothingBehind() throws Exception {
        int status = run("""
                - name: an error is kept and stamped
                  enters: traces
                  resource: {service.name: shop}
                  spans: [{name: a, status: error, kind: client, attributes: {n: 1, list: [x, {y: 2.5}]}}]
                  expect:
                    - kept: errors
                      reaches: [nop/jaeger]
                      name: a
                      kind: client
                      status: error
                      attributes: {n: 1, list: [x, {y: 2.5}]}
                      without: [m]
                      resource: {cluster: blue, service.name: shop}
                - name: without a pipeline it enters both
                  spans: [{name: a}]
                  expect: [{dropped: tail_sampling, reaches: [nop/store]}]
                - name: a policy drops
                  enters: traces
                  spans: [{name: a, status: error, attributes: {url.path: /healthz}}]
                  expect: [{dropped: probes}]
                - name: the whole trace shares the fate
                  enters: traces
                  spans: [{name: a}, {name: b, duration: 200ms}, {name: c, trace: other}]
                  expect: [{kept: slow}, {kept: slow}, {dropped: tail_sampling}]
                - name: logs
                  logs: [{body: hello, severity: warn}, {body: {deep: [1]}}]
                  expect: [{of: hello, severity: warn}, {of: "1", body: {deep: [1]}, resource: {cluster: blue}}]
                - name: metrics
                  metrics:
                    - {name: m, type: histogram, unit: s, points: [{value: 3, bounds: [1, 5]}, {value: 9, counts: [4], attributes: {k: v}}]}
                    - {name: g, points: [{value: 1.5}]}
                  expect: [{value: 1, unit: s}, {value: 4, attributes: {k: v}}, {name: g, value: 1.5}]
                """);

        assertThat(said()).contains("6 cases, all passed");
        assertThat(status).isZero();
    }

    @Test
    void run_filterTransformAndConnectors_areSeenThrough() throws Exception {
        Files.writeString(directory.resolve("pipelines.yaml"), """
                receivers: {nop: }
                processors:
                  filter/noise:
                    traces: {span: ['attributes["url.path"] == "/healthz"']}
                    logs: {log_record: ['IsMatch(body, "^ping")']}
                  transform:
                    trace_statements:
                      - context: span
                        statements:
                          - set(attributes["peer.service"], attributes["db.system.name"])
                          - delete_key(attributes, "db.connection_string")
                          - set(name, "query") where kind == SPAN_KIND_CLIENT
                    metric_statements:
                      - context: datapoint
                        statements: ['set(attributes["unit"], metric.unit)']
                  tail_sampling:
                    policies: [{name: errors, type: status_code, status_code: {status_codes: [ERROR]}}]
                connectors: {forward: , span_metrics: }
                exporters: {nop/jaeger: , nop/metrics: , nop/logs: }
                service:
                  pipelines:
                    traces/in: {receivers: [nop], processors: [filter/noise, transform], exporters: [forward, span_metrics]}
                    traces/kept: {receivers: [forward], processors: [tail_sampling], exporters: [nop/jaeger]}
                    metrics: {receivers: [nop, span_metrics], processors: [transform], exporters: [nop/metrics]}
                    logs: {receivers: [nop], processors: [filter/noise], exporters: [nop/logs]}
                """);

        int status = run("""
                - name: probes are noise, and not counted
                  spans:
                    - {name: GET /healthz, kind: server, attributes: {url.path: /healthz}}
                    - {name: SELECT, kind: client, status: error, attributes: {db.system.name: pg, db.connection_string: x}}
                  resource: {service.name: shop}
                  expect:
                    - {dropped: filter/noise}
                    - kept: errors
                      reaches: [nop/jaeger]
                      name: query
                      attributes: {peer.service: pg}
                      without: [db.connection_string]
                  makes:
                    - name: traces.span.metrics.calls
                      attributes: {span.name: query, status.code: STATUS_CODE_ERROR}
                      resource: {service.name: shop}
                      value: 1
                      reaches: nop/metrics
                - name: what is not kept is counted
                  resource: {service.name: shop}
                  spans: [{name: a}]
                  expect: [{dropped: tail_sampling}]
                  makes: [{name: traces.span.metrics.calls, attributes: {span.name: a}, value: 1}]
                - name: of two log records one is noise
                  logs: [{body: ping 1}, {body: order}]
                  expect: [{dropped: filter/noise}, {reaches: [nop/logs], body: order}]
                - name: points
                  metrics: [{name: m, unit: By, points: [{value: 1}, {value: 2, attributes: {k: v}}]}]
                  expect: [{value: 1, attributes: {unit: By}}, {value: 2, attributes: {unit: By, k: v}}]
                """);

        assertThat(said()).contains("4 cases, all passed");
        assertThat(status).isZero();
    }

    @Test
    void run_agentsBuiltInFile_needsNoGateway() throws Exception {
        Path file = Files.writeString(directory.resolve("agent.yaml"), """
                service: agent
                cases:
                  - name: traces go by trace id, logs to any
                    spans: [{name: a}]
                    logs: [{body: b}]
                    expect: [{reaches: [load_balancing/traces]}, {reaches: [otlp/logs]}]
                """);

        assertThat(run(file, null)).as(said()).isZero();
    }

    @Test
    void run_processorThatNeedsANetwork_isLeftOutAndSaidSo() throws Exception {
        Files.writeString(
                directory.resolve("pipelines.yaml"),
                PIPELINES
                        .replace("  batch:\n", "  batch:\n  ownership: {resolver: {static: {hostnames: [a, b]}}}\n")
                        .replace("[resource, tail_sampling", "[resource, ownership, tail_sampling"));

        int status = run("- {name: a, enters: traces, spans: [{name: a, status: error}], expect: [{kept: errors}]}\n");

        assertThat(said()).contains("left out, for want of a network: ownership");
        assertThat(status).isZero();
    }

    @Test
    void run_draw_decidesWhereChanceDoes() throws Exception {
        String each = """
                - name: drawn %s
                  enters: traces
                  draw: %s
                  resource: {service.name: shop}
                  spans: [{name: a}]
                  expect: [{%s}]
                """;

        assertThat(run(each.formatted("low", "49.9", "kept: half of the shop")
                        + each.formatted("high", "50", "dropped: tail_sampling")))
                .isZero();
    }

    @Test
    void run_somethingElseCame_saysWhatAndWhere() throws Exception {
        int status = run("""
                - name: wrong policy
                  enters: traces
                  spans: [{name: a, status: error}]
                  expect:
                    - kept: slow
                - name: wrong attributes
                  enters: traces
                  spans: [{name: a, status: error, attributes: {code: "200", secret: x}}]
                  expect:
                    - attributes: {code: 200, more: 1}
                      without: [secret]
                      status: ok
                - name: not dropped
                  enters: traces
                  spans: [{name: a, status: error}]
                  expect:
                    - dropped: true
                - name: fine
                  enters: traces
                  spans: [{name: a}]
                  expect: [{dropped: true}]
                """);

        assertThat(status).isEqualTo(1);
        assertThat(said())
                .contains("FAILED  wrong policy", "ok      fine", "4 cases, 3 failed")
                .contains("cases.yaml:8:13 error  span 'a' was to be kept by slow, but it was kept by errors,"
                        + " reached nop/jaeger")
                .contains("slow would not keep it: ")
                .contains("attribute code was to be 200, it is '200'")
                .contains("attribute more was to be 1, it is not there")
                .contains("attribute secret was to be absent, it is 'x'")
                .contains("its status was to be 'ok', it is 'error'")
                .contains("span 'a' was to be dropped, but it was kept by errors, reached nop/jaeger");
    }

    @Test
    void run_mistakes_areSaidAtOnce_andNothingRuns() throws Exception {
        int status = run("""
                - name: a
                  enter: traces
                  spans: [{name: a, kind: servr, duration: 5}]
                  expect: [{dropped: tail_sampling}]
                - name: a
                  spans: [{name: a, parent: b}, {name: c}, {name: d}]
                  expect: [{of: nobody}, {kept: true, dropped: true}, {}]
                """);

        assertThat(status).isEqualTo(2);
        assertThat(said())
                .contains("unknown option 'enter'", "did you mean 'enters'?")
                .contains("cases.yaml:6:27 error  expected one of", "did you mean 'server'?")
                .contains("found '5'", "add a unit, as in 5s")
                .contains("no span has the name or the number 'b'")
                .contains("nothing that enters has the name or the number 'nobody'; there are a, c, d")
                .contains("dropped and kept contradict each other")
                .contains("this expects nothing")
                .contains("no case was run")
                .doesNotContain("ok  ");
    }

    @Test
    void run_namesThatThePipelineFileLacks_areSaidWithTheNearest() throws Exception {
        int status = run("""
                - name: a
                  enters: trace
                  spans: [{name: a}]
                  expect: [{dropped: tail_samplin}]
                - name: b
                  enters: logs
                  spans: [{name: a}]
                  expect: [{kept: error}, {of: a, reaches: [nop/jager]}]
                """);

        assertThat(status).isEqualTo(2);
        assertThat(said())
                .contains("cases.yaml:5:11 error  there is no pipeline 'trace' in pipelines.yaml", "mean 'traces'?")
                .contains("there is no component or policy that drops 'tail_samplin'", "mean 'tail_sampling'?")
                .contains("the pipeline 'logs' is none of traces")
                .contains("there is no policy that keeps 'error'", "mean 'errors'?")
                .contains("there is no exporter 'nop/jager'", "mean 'nop/jaeger'?");
    }

    @Test
    void run_pipelineFileIsWrong_isTwoAndSaysSo() throws Exception {
        Files.writeString(directory.resolve("pipelines.yaml"), PIPELINES.replace("threshold_ms", "treshold_ms"));

        assertThat(run("- {name: a, spans: [{name: a}], expect: [{kept: true}]}\n"))
                .isEqualTo(2);
        assertThat(said()).contains("pipelines.yaml:12:", "did you mean 'threshold_ms'?");
    }

    @Test
    void run_noFile_isTwo() throws Exception {
        assertThat(run(directory.resolve("none.yaml"), null)).isEqualTo(2);
        assertThat(said()).contains("there is no file").contains("none.yaml");
    }

    @Test
    void run_junit_isReadableAndHasTheFailure() throws Exception {
        Path report = directory.resolve("report.xml");
        Path file = file("""
                - name: holds & passes
                  enters: traces
                  spans: [{name: a}]
                  expect: [{dropped: true}]
                - name: fails
                  enters: traces
                  spans: [{name: a}]
                  expect: [{kept: errors}]
                """);

        assertThat(run(file, report)).isEqualTo(1);
        Document read =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
        Element suite = (Element) read.getElementsByTagName("testsuite").item(0);
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        Element failure = (Element) read.getElementsByTagName("failure").item(0);
        assertThat(failure.getTextContent()).contains("was to be kept by errors", "errors would not keep it");
    }

    @Test
    void run_manyCases_takesAMomentEach() throws Exception {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            many.append("- {name: c")
                    .append(i)
                    .append(", enters: traces, spans: [{name: a, status: error}],")
                    .append(" expect: [{kept: errors}]}\n");
        }

        assertThat(run(many.toString())).isZero();
        assertThat(said()).contains("50 cases, all passed");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("weir-sampling"));
    }

    private int run(String cases) throws Exception {
        return run(file(cases), null);
    }

    private Path file(String cases) throws IOException {
        return Files.writeString(
                directory.resolve("cases.yaml"),
                "pipelines: pipelines.yaml\nenvironment: {CLUSTER: blue}\ncases:\n" + cases);
    }

    private int run(Path file, @Nullable Path report) throws InterruptedException {
        return Cases.run(List.of(file), report, new PrintStream(printed, true), false, InstantSource.system());
    }

    private String said() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
