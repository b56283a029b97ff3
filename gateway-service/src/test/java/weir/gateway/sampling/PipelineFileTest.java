package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import weir.gateway.sampling.TailSamplingConfig.OversizedTraces;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.testing.FakeComponents;

/** The processor's section as it is written in pipeline files. */
class PipelineFileTest {
    @Test
    void load_collectorsOptions_areTaken() {
        TailSamplingConfig config = config("""
                decision_wait: 12s
                decision_wait_after_root_received: 500ms
                num_traces: 1000
                sample_on_first_match: true
                maximum_trace_size_bytes: 1000000
                decision_cache: {sampled_cache_size: 100, non_sampled_cache_size: 1000}
                policies:
                  - {name: errors, type: status_code, status_code: {status_codes: [ERROR, UNSET]}}
                  - {name: slow, type: latency, latency: {threshold_ms: 2000, upper_threshold_ms: 5000}}
                  - {name: some, type: probabilistic, probabilistic: {sampling_percentage: 12.5, hash_salt: mine}}
                  - name: all
                    type: always_sample
                """);

        assertThat(config.decisionWait()).isEqualTo(Duration.ofSeconds(12));
        assertThat(config.decisionWaitAfterRootReceived()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.numTraces()).isEqualTo(1000);
        assertThat(config.sampleOnFirstMatch()).isTrue();
        assertThat(config.maximumTraceSizeBytes()).isEqualTo(1_000_000);
        assertThat(config.decisionCache().decisions()).isEqualTo(1100);
        assertThat(config.policies().stream().map(PolicyConfig::name)).containsExactly("errors", "slow", "some", "all");
        assertThat(config.policies().get(0).compile(0))
                .isEqualTo(new SamplingPolicy.StatusCode(TraceSummary.ERROR | TraceSummary.UNSET));
        assertThat(config.policies().get(1).compile(8)).isEqualTo(new SamplingPolicy.Latency(2000, 5000, 8));
        assertThat(config.policies().get(2).compile(0)).isEqualTo(SamplingPolicy.Probabilistic.of(12.5, "mine"));
    }

    @Test
    void load_noMoreThanAPolicy_hasDefaults() {
        TailSamplingConfig config = config("policies: [{name: all, type: always_sample}]");

        assertThat(config.decisionWait()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.decisionWaitAfterRootReceived()).isZero();
        assertThat(config.numTraces()).isZero();
        assertThat(config.numShards()).isEqualTo(1);
        assertThat(config.weir().recordPolicy()).isTrue();
        assertThat(config.weir().maxQueuedMib()).isEqualTo(16);
        assertThat(config.weir().oversizedTraces()).isEqualTo(OversizedTraces.DECIDE);
        assertThat(config.heldBytes()).isEqualTo(Runtime.getRuntime().maxMemory() / 2);
        assertThat(config.decisionCache().decisions()).isEqualTo(1_000_000);
    }

    @Test
    void load_policyTypeOfTheCollector_isAnErrorThatNamesWhatThereIs() {
        LoadResult result = load("""
                policies:
                  - {name: fast, type: rate_limiting, rate_limiting: {spans_per_second: 10}}
                """);

        assertThat(result.model()).isNull();
        assertThat(result.render(false))
                .contains(
                        "there is no policy type `rate_limiting` here; use one of always_sample, latency, probabilistic")
                .contains("the collector has 'policies.rate_limiting', Weir does not");
    }

    private static TailSamplingConfig config(String section) {
        LoadResult result = load(section);
        return (TailSamplingConfig) Objects.requireNonNull(
                        result.orThrow().find(Components.Kind.PROCESSOR, ComponentId.parse("tail_sampling")))
                .config();
    }

    private static LoadResult load(String section) {
        List<ComponentFactory<?>> factories =
                new ArrayList<>(new FakeComponents().components().all());
        factories.add(new TailSamplingFactory());
        String file = """
                receivers: {in: }
                exporters: {out: }
                service:
                  pipelines:
                    traces: {receivers: [in], processors: [tail_sampling], exporters: [out]}
                processors:
                  tail_sampling:
                """ + section.indent(4);
        return PipelineFiles.load("weir.yaml", file, Components.of("gateway", factories), name -> null);
    }
}
