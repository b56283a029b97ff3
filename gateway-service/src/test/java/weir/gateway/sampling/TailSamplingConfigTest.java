package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.config.Checked.Complaints;
import weir.gateway.sampling.PolicyConfig.ProbabilisticConfig;
import weir.gateway.sampling.TailSamplingConfig.OversizedTraces;

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
                        new PolicyConfig("b", "rate_limiting", null, null, null),
                        new PolicyConfig("c", "latency", null, new ProbabilisticConfig(101, ""), null),
                        Configs.status("d"))
                .config()
                .check(complaints);

        assertThat(said)
                .containsExactly(
                        "policies[0].status_code.status_codes[0]: there is no status code `WARN`; use OK, ERROR or UNSET",
                        "policies[1].latency.upper_threshold_ms: must be above threshold_ms, or no duration is in between",
                        "policies[1].name: another policy is named `a` too",
                        "policies[2].type: there is no policy type `rate_limiting` here; use one of always_sample, latency,"
                                + " probabilistic, status_code",
                        "policies[3].latency: a policy of type `latency` needs a section `latency`",
                        "policies[3].probabilistic.sampling_percentage: must be between 0 and 100",
                        "policies[3].probabilistic: belongs to policies of type `probabilistic`, this one is of type"
                                + " `latency`",
                        "policies[4].status_code.status_codes: name at least one of OK, ERROR, UNSET");
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
