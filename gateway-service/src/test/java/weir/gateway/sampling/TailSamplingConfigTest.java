package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.policy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.config.Checked.Complaints;
import weir.config.Problem;
import weir.gateway.sampling.PolicySections.AndConfig;
import weir.gateway.sampling.PolicySections.CompositeConfig;
import weir.gateway.sampling.PolicySections.NotConfig;
import weir.gateway.sampling.PolicySections.NumericAttributeConfig;
import weir.gateway.sampling.PolicySections.ProbabilisticConfig;
import weir.gateway.sampling.PolicySections.RateAllocationConfig;
import weir.gateway.sampling.PolicySections.SpanCountConfig;
import weir.gateway.sampling.PolicySections.StringAttributeConfig;
import weir.gateway.sampling.PolicySections.WeirComposite;
import weir.gateway.sampling.PolicySections.WeirNumeric;
import weir.gateway.sampling.PolicySections.WeirString;
import weir.gateway.sampling.TailSamplingConfig.OversizedTraces;
import weir.testing.Bound;

class TailSamplingConfigTest {
    private final List<String> said = new ArrayList<>();
    private final Complaints complaints = new Complaints() {
        @Override
        public void error(String option, String what) {
            said.add(option + ": " + what);
        }

        @Override
        public void warning(String option, String what) {
            said.add("warning " + option + ": " + what);
        }
    };

    @Test
    void check_soundFile_saysNothing() {
        Configs.of(Configs.status("errors", "ERROR"), Configs.latency("slow", 1, 2), Configs.probabilistic("p", 1))
                .config()
                .check(complaints);

        assertThat(said).isEmpty();
    }

    @Test
    void check_policies_areToldWhatIsWrongAndWhere() {
        Configs.of(
                        Configs.status("a", "WARN"),
                        Configs.latency("a", 5, 5),
                        Configs.policy("b", "ottl_condition"),
                        Configs.policy("c", "latency", new ProbabilisticConfig(101, "")),
                        Configs.status("d"))
                .config()
                .check(complaints);

        assertThat(said)
                .containsExactly(
                        "policies[0].status_code.status_codes[0]: there is no status code `WARN`; use OK, ERROR or UNSET",
                        "policies[1].latency.upper_threshold_ms: must be above threshold_ms, or no duration is in between",
                        "policies[1].name: another policy is named `a` too",
                        "policies[2].ottl_condition: a policy of type `ottl_condition` needs a section `ottl_condition`",
                        "policies[3].latency: a policy of type `latency` needs a section `latency`",
                        "policies[3].probabilistic: belongs to policies of type `probabilistic`, this one is of type"
                                + " `latency`",
                        "policies[3].probabilistic.sampling_percentage: must be between 0 and 100",
                        "policies[4].status_code.status_codes: name at least one of OK, ERROR, UNSET");
    }

    @Test
    void check_expressionsThatWouldTakeAllMemory_areRefusedWhereTheyStand() {
        String rendered = Problem.render(Bound.problems(TailSamplingConfig.class, """
                        policies:
                          - name: bomb
                            type: string_attribute
                            string_attribute:
                              key: url
                              enabled_regex_matching: true
                              values: [fine, '((a{1,100}){1,100}){1,100}']
                        """), false);

        assertThat(rendered).contains("f.yaml:7:22").contains("too large");
    }

    @Test
    void check_parts_standWhereTheyMay() {
        PolicyConfig inner = policy("i", "and", new AndConfig(List.of(Configs.always("x"))));
        Configs.of(
                        policy("a", "and", new AndConfig(List.of(inner))),
                        policy("n", "not", new NotConfig(policy("", "not", new NotConfig(Configs.always("x"))))),
                        Configs.drop("d"),
                        Configs.drop("e", Configs.status("", "NONE")),
                        policy(
                                "c",
                                "composite",
                                new CompositeConfig(
                                        0,
                                        List.of("z"),
                                        List.of(Configs.always("x"), Configs.drop("y", Configs.always("w"))),
                                        List.of(new RateAllocationConfig("q", 1)),
                                        new WeirComposite(false, false, false, false))))
                .config()
                .check(complaints);

        assertThat(said)
                .containsExactly(
                        "policies[0].and.and_sub_policy[0].type: a policy of type `and` cannot be a part of one of type `and`",
                        "policies[1].not.not_sub_policy.type: a policy of type `not` cannot be a part of one of type `not`",
                        "policies[2].drop.drop_sub_policy: name at least one policy",
                        "policies[3].drop.drop_sub_policy[0].status_code.status_codes[0]: there is no status code `NONE`;"
                                + " use OK, ERROR or UNSET",
                        "policies[4].composite.max_total_spans_per_second: must be above 0",
                        "policies[4].composite.composite_sub_policy[1].type: a policy of type `drop` cannot be a part of one"
                                + " of type `composite`",
                        "policies[4].composite.rate_allocation[0].policy: no part is named `q`",
                        "warning policies[4].composite.composite_sub_policy[0].name: rate_allocation leaves it out, so it"
                                + " keeps nothing; set weir.fair to give it the same share as the others",
                        "warning policies[4].composite.composite_sub_policy[1].name: rate_allocation leaves it out, so it"
                                + " keeps nothing; set weir.fair to give it the same share as the others",
                        "policies[4].composite.policy_order[0]: no part is named `z`");
    }

    @Test
    void check_valuesOfPolicies_canMeanSomething() {
        WeirNumeric plain = new WeirNumeric(false, false);
        Configs.of(
                        policy("n", "numeric_attribute", new NumericAttributeConfig("k", 0L, null, false, plain)),
                        policy("o", "numeric_attribute", new NumericAttributeConfig("k", 2L, 1L, false, plain)),
                        policy(
                                "z",
                                "numeric_attribute",
                                new NumericAttributeConfig("k", 0L, null, false, new WeirNumeric(true, true))),
                        policy(
                                "r",
                                "string_attribute",
                                new StringAttributeConfig(
                                        "k", List.of("a", "(b"), true, 128, false, new WeirString(false))),
                        Configs.spansPerSecond("l", 0, -1),
                        policy("s", "span_count", new SpanCountConfig(3, 2)))
                .spanIngest()
                .config()
                .check(complaints);

        assertThat(said.stream().map(s -> s.substring(0, s.indexOf(':'))))
                .containsExactly(
                        "policies[0].numeric_attribute.min_value",
                        "policies[1].numeric_attribute.max_value",
                        "policies[3].string_attribute.values[1]",
                        "policies[4].rate_limiting.spans_per_second",
                        "policies[4].rate_limiting.burst_capacity",
                        "policies[5].span_count.max_spans",
                        "policies[4].type",
                        "policies[5].type");
    }

    @Test
    void check_options_haveLimits() {
        Configs.of()
                .shards(0)
                .numTraces(-1)
                .heldMib(-1)
                .maxTraceBytes(1L << 40, OversizedTraces.DROP)
                .config()
                .check(complaints);
        Configs.of(Configs.always("all")).heldMib(40 << 10).config().check(complaints);

        assertThat(said.stream().map(s -> s.substring(0, s.indexOf(':'))))
                .containsExactly(
                        "policies",
                        "num_traces",
                        "maximum_trace_size_bytes",
                        "num_shards",
                        "weir.max_held_mib",
                        "num_shards");
    }
}
