package weir.gateway.sampling;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import weir.connector.forward.ForwardConnectorFactory;
import weir.connector.spanmetrics.SpanMetricsConnectorFactory;
import weir.flow.SystemTimer;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Components;
import weir.pipeline.Consumer;
import weir.pipeline.TraceVerdicts.Verdict;
import weir.pipeline.engine.PipelineEngine;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.telemetry.Metrics;
import weir.testing.FakeComponents;
import weir.testing.MetricPoint;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;
import weir.testing.Waiting;

class VerdictsTest {
    /** Makes ids of numbers that look random to policies. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final String FILE = """
            receivers: {in: }
            processors:
              tail_sampling:
                decision_wait: 200ms
                policies: [{name: some, type: probabilistic, probabilistic: {sampling_percentage: 10}}]
            connectors:
              forward:
              span_metrics:
                metrics_flush_interval: 50ms
                exemplars: {enabled: true, weir: {kept_by: tail_sampling}}
            exporters: {out/kept: , out/metrics: }
            service:
              pipelines:
                traces: {receivers: [in], exporters: [span_metrics, forward]}
                traces/sampled: {receivers: [forward], processors: [tail_sampling], exporters: [out/kept]}
                metrics: {receivers: [span_metrics], exporters: [out/metrics]}
            """;

    private final FakeComponents fakes = new FakeComponents();

    @Test
    void verdicts_areThoseOfTracesThatWereDecidedHere() {
        Sampler sampler = new Sampler(Configs.of(status("errors", "ERROR")).shards(3));
        long[] ids = new long[2 * 1001];
        for (int i = 0; i <= 1000; i++) {
            ids[2 * i] = 0xabcd;
            ids[2 * i + 1] = i;
        }
        for (int i = 0; i < 1000; i++) {
            sampler.send(i % 2 == 0 ? error(i, i + 1) : span(i, i + 1));
        }
        assertThat(sampler.processor.verdicts(ids)).containsOnly(Verdict.UNKNOWN);

        sampler.decide();

        Verdict[] verdicts = sampler.processor.verdicts(ids);
        for (int i = 0; i < 1000; i++) {
            assertThat(verdicts[i]).isEqualTo(i % 2 == 0 ? Verdict.KEPT : Verdict.DROPPED);
        }
        assertThat(verdicts[1000]).isEqualTo(Verdict.UNKNOWN);
    }

    private LoadResult load(String text) {
        List<ComponentFactory<?>> factories = new ArrayList<>(fakes.components().all());
        factories.add(new TailSamplingFactory());
        factories.add(new ForwardConnectorFactory());
        factories.add(new SpanMetricsConnectorFactory());
        return PipelineFiles.load("weir.yaml", text, Components.of("gateway", factories), _ -> null);
    }

    @Test
    void exemplars_samplerKeepsATenth_allAreOfKeptTraces() throws Exception {
        try (SystemTimer timer = new SystemTimer()) {
            PipelineEngine engine =
                    PipelineEngine.build(load(FILE).orThrow(), TestContexts.process(), new Metrics(), timer);
            engine.start();
            Consumer in =
                    requireNonNull(requireNonNull(fakes.receivers.get("in")).get(Signal.TRACES));
            int[] trace = {0};
            Waiting.until(() -> {
                Span.Builder[] spans = new Span.Builder[20];
                for (int i = 0; i < spans.length; i++) {
                    spans[i] = span(++trace[0] * SPREAD, trace[0]).setName("a");
                }
                in.consume(Spans.batch(spans), _ -> {});
                return exemplars().size() >= 10;
            });
            assertThat(engine.drain(Duration.ofSeconds(20))).isTrue();
            engine.close();

            Set<String> kept = exported("out/kept traces").batches().stream()
                    .flatMap(b -> Spans.spansOf(Spans.parse(b)).stream())
                    .map(s -> HexFormat.of().formatHex(s.getTraceId().toByteArray()))
                    .collect(Collectors.toSet());
            assertThat(kept.size()).isBetween(trace[0] / 20, trace[0] / 5);
            assertThat(kept).containsAll(exemplars());
        }
    }

    private RecordingConsumer exported(String idAndSignal) {
        return requireNonNull(fakes.exported.get(idAndSignal));
    }

    /** The traces of all exemplars so far. */
    private Set<String> exemplars() throws Exception {
        Set<String> traces = new TreeSet<>();
        for (Batch batch : exported("out/metrics metrics").batches()) {
            for (MetricPoint point : MetricPoint.of(batch)) {
                point.exemplars().forEach(e -> traces.add(e.substring(0, 32)));
            }
        }
        return traces;
    }

    @Test
    void load_samplerThatDoesNotRun_isToldWhereItIsNamed() {
        assertThat(load(FILE).problems()).isEmpty();
        assertThat(load(FILE.replace("kept_by: tail_sampling", "kept_by: tail_sampling/2"))
                        .render(false))
                .contains("'tail_sampling/2' is named in connectors.span_metrics.exemplars.weir.kept_by but is no"
                        + " processor of a pipeline that samples traces")
                .contains("did you mean 'tail_sampling'?")
                .contains("weir.yaml:10:");
        assertThat(load(FILE.replace("kept_by: tail_sampling", "kept_by: step")).model())
                .isNull();
    }
}
