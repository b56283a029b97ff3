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
        PolicySet policies = new PolicySet(config.policies(), config.rules(), 1);
        assertThat(policies.policy(0))
                .isEqualTo(new SamplingPolicy.StatusCode(TraceSummary.ERROR | TraceSummary.UNSET));
        assertThat(policies.policy(1)).isEqualTo(new SamplingPolicy.Latency(2000, 5000, 0));
        assertThat(policies.policy(2)).isEqualTo(SamplingPolicy.Probabilistic.of(12.5, "mine"));
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
    void load_everyPolicyOfTheCollector_isTaken() {
        TailSamplingConfig config = config("""
                sampling_strategy: trace-complete
                policies:
                  - {name: p1, type: always_sample}
                  - {name: p2, type: latency, latency: {threshold_ms: 5000, upper_threshold_ms: 10000}}
                  - {name: p3, type: numeric_attribute, numeric_attribute: {key: key1, min_value: 50, max_value: 100}}
                  - {name: p4, type: probabilistic, probabilistic: {sampling_percentage: 10}}
                  - {name: p5, type: status_code, status_code: {status_codes: [ERROR, UNSET]}}
                  - {name: p6, type: string_attribute, string_attribute: {key: key2, values: [value1, value2]}}
                  - name: p7
                    type: string_attribute
                    string_attribute:
                      {key: key2, values: [value1, val*], enabled_regex_matching: true, cache_max_size: 10, invert_match: true}
                  - {name: p8, type: rate_limiting, rate_limiting: {spans_per_second: 35, burst_capacity: 100}}
                  - {name: p9, type: bytes_limiting, bytes_limiting: {bytes_per_second: 1048576}}
                  - {name: p10, type: span_count, span_count: {min_spans: 2, max_spans: 20}}
                  - {name: p11, type: trace_state, trace_state: {key: key3, values: [value1, value2]}}
                  - {name: p12, type: boolean_attribute, boolean_attribute: {key: key4, value: true, invert_match: true}}
                  - {name: p13, type: trace_flags}
                  - name: p14
                    type: and
                    and:
                      and_sub_policy:
                        - {name: a1, type: numeric_attribute, numeric_attribute: {key: key1, min_value: 50, max_value: 100}}
                        - {type: not, not: {not_sub_policy: {type: status_code, status_code: {status_codes: [OK]}}}}
                  - {name: p15, type: not, not: {not_sub_policy: {name: n1, type: always_sample}}}
                  - name: p16
                    type: drop
                    drop:
                      drop_sub_policy:
                        - {name: d1, type: string_attribute, string_attribute: {key: url, values: [/health], invert_match: false}}
                  - name: p17
                    type: composite
                    composite:
                      max_total_spans_per_second: 1000
                      policy_order: [c1, c2]
                      composite_sub_policy:
                        - {name: c1, type: numeric_attribute, numeric_attribute: {key: key1, min_value: 50}}
                        - {name: c2, type: and, and: {and_sub_policy: [{name: x, type: always_sample}]}}
                      rate_allocation:
                        - {policy: c1, percent: 50}
                        - {policy: c2, percent: 25}
                """);

        PolicySet policies = new PolicySet(config.policies(), config.rules(), 1);
        assertThat(policies.names()).hasSize(17).startsWith("p16", "p1", "p2").endsWith("p15", "p17");
        assertThat(((Composite) policies.policy(16)).parts().stream().map(Composite.Part::share))
                .containsExactly(500L, 250L);
    }

    @Test
    void load_ottlConditions_areTaken() {
        TailSamplingConfig config = config("""
                policies:
                  - {name: o, type: ottl_condition, ottl_condition: {span: ['attributes["a"] == "b"', 'kind == 2']}}
                  - name: a
                    type: and
                    and:
                      and_sub_policy:
                        - {name: l, type: latency, latency: {threshold_ms: 5}}
                        - name: o
                          type: ottl_condition
                          ottl_condition: {error_mode: propagate, spanevent: ['spanevent.name == "exception"']}
                """);

        PolicySet policies = new PolicySet(config.policies(), config.rules(), 1);
        assertThat(policies.policy(0))
                .isEqualTo(new SamplingPolicy.OttlCondition(List.of("attributes[\"a\"] == \"b\"", "kind == 2"), 0, -1));
        assertThat(policies.policy(1))
                .isEqualTo(new SamplingPolicy.And(List.of(
                        new SamplingPolicy.Latency(5, 0, 2),
                        new SamplingPolicy.OttlCondition(List.of("spanevent.name == \"exception\""), 3, 4))));
    }

    @Test
    void load_ottlConditionsThatAreNone_areShownWhereTheyAreWrong() {
        LoadResult result = load("""
                policies:
                  - {name: empty, type: ottl_condition, ottl_condition: {error_mode: ignore}}
                  - name: a
                    type: and
                    and:
                      and_sub_policy:
                        - {type: ottl_condition, ottl_condition: {span: ['kind == 2', 'atributes["a"] == 1']}}
                        - {type: ottl_condition, ottl_condition: {spanevent: ['IsRootSpan()']}}
                """);

        assertThat(result.model()).isNull();
        assertThat(result.render(false))
                .contains("name at least one condition, about spans in `span` or their events in `spanevent`")
                .contains("weir.yaml:14:76 error  span has no path 'atributes'")
                .contains("weir.yaml:15:68 error  there is no converter `IsRootSpan` in the context spanevent");
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
