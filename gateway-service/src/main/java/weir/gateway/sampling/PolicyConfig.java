package weir.gateway.sampling;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.config.Checked.Complaints;
import weir.config.Option;

/** One entry of {@code policies}: a name, a type, and the section that is named like the type. */
public record PolicyConfig(
        @Option(doc = "Name of the policy in metrics and on kept spans, unique among the policies.", required = true)
        String name,

        @Option(doc = "What the policy asks: always_sample, latency, probabilistic or status_code.", required = true)
        String type,

        @Option(doc = "For type latency: how long the trace took.") @Nullable
        LatencyConfig latency,

        @Option(doc = "For type probabilistic: a share of all traces, by the hash of the trace id.") @Nullable
        ProbabilisticConfig probabilistic,

        @Option(doc = "For type status_code: the status of any of the trace's spans.") @Nullable
        StatusCodeConfig statusCode) {

    /** Section {@code latency}. */
    public record LatencyConfig(
            @Option(doc = "Milliseconds from the earliest start to the latest end that a kept trace has at the least.")
            long thresholdMs,

            @Option(
                    doc = "If not 0: milliseconds that a kept trace has at the most, and threshold_ms itself is"
                            + " not enough. Looked at after each span in the order of arrival, as the collector"
                            + " does.")
            long upperThresholdMs) {}

    /** Section {@code probabilistic}. */
    public record ProbabilisticConfig(
            @Option(doc = "Share of the traces that is kept, in percent, 0 to 100.")
            double samplingPercentage,

            @Option(
                    doc = "Mixed into the hash. Samplers one behind the other should not share it.",
                    fallback = SamplingPolicy.Probabilistic.DEFAULT_SALT)
            String hashSalt) {}

    /** Section {@code status_code}. */
    public record StatusCodeConfig(
            @Option(doc = "The codes that keep a trace: any of OK, ERROR, UNSET.", required = true)
            List<String> statusCodes) {}

    private static final Set<String> SUPPORTED = Set.of("always_sample", "latency", "probabilistic", "status_code");
    private static final Set<String> CODES = Set.of("OK", "ERROR", "UNSET");

    /** @param at the path of this entry, with a dot at its end */
    void check(String at, Complaints complaints) {
        if (name.isEmpty()) {
            complaints.error(at + "name", "a policy needs a name: it labels metrics and the spans that it keeps");
        }
        if (!SUPPORTED.contains(type)) {
            complaints.error(
                    at + "type",
                    "there is no policy type `" + type + "` here; use one of always_sample, latency, probabilistic,"
                            + " status_code");
            return;
        }
        Record section = switch (type) {
            case "latency" -> latency;
            case "probabilistic" -> probabilistic;
            default -> statusCode;
        };
        if (section == null && !type.equals("always_sample")) {
            complaints.error(at + type, "a policy of type `" + type + "` needs a section `" + type + "`");
        }
        if (latency != null) {
            checkLatency(at, latency.thresholdMs(), latency.upperThresholdMs(), complaints);
        }
        if (probabilistic != null
                && !(probabilistic.samplingPercentage() >= 0 && probabilistic.samplingPercentage() <= 100)) {
            complaints.error(at + "probabilistic.sampling_percentage", "must be between 0 and 100");
        }
        if (statusCode != null) {
            checkCodes(at, statusCode.statusCodes(), complaints);
        }
        unused("latency", latency, at, complaints);
        unused("probabilistic", probabilistic, at, complaints);
        unused("status_code", statusCode, at, complaints);
    }

    private void unused(String key, @Nullable Record section, String at, Complaints complaints) {
        if (section != null && !key.equals(type)) {
            complaints.error(at + key, "belongs to policies of type `" + key + "`, this one is of type `" + type + "`");
        }
    }

    private static void checkLatency(String at, long threshold, long upper, Complaints complaints) {
        if (threshold < 0) {
            complaints.error(at + "latency.threshold_ms", "must not be negative");
        }
        if (upper < 0) {
            complaints.error(at + "latency.upper_threshold_ms", "must not be negative; 0 means no upper bound");
        } else if (upper > 0 && upper <= threshold) {
            complaints.error(
                    at + "latency.upper_threshold_ms", "must be above threshold_ms, or no duration is in between");
        }
    }

    private static void checkCodes(String at, List<String> codes, Complaints complaints) {
        if (codes.isEmpty()) {
            complaints.error(at + "status_code.status_codes", "name at least one of OK, ERROR, UNSET");
        }
        for (int i = 0; i < codes.size(); i++) {
            if (!CODES.contains(codes.get(i))) {
                complaints.error(
                        at + "status_code.status_codes[" + i + "]",
                        "there is no status code `" + codes.get(i) + "`; use OK, ERROR or UNSET");
            }
        }
    }

    /**
     * The policy, of an entry that was checked.
     *
     * @param bit for the condition that it may ask on arrival
     */
    SamplingPolicy compile(long bit) {
        return switch (type) {
            case "latency" ->
                new SamplingPolicy.Latency(
                        given(latency).thresholdMs(), given(latency).upperThresholdMs(), bit);
            case "probabilistic" ->
                SamplingPolicy.Probabilistic.of(
                        given(probabilistic).samplingPercentage(),
                        given(probabilistic).hashSalt());
            case "status_code" ->
                new SamplingPolicy.StatusCode(given(statusCode).statusCodes().stream()
                        .mapToInt(PolicyConfig::flag)
                        .reduce(0, (a, b) -> a | b));
            default -> new SamplingPolicy.AlwaysSample();
        };
    }

    private static int flag(String code) {
        return switch (code) {
            case "OK" -> TraceSummary.OK;
            case "ERROR" -> TraceSummary.ERROR;
            default -> TraceSummary.UNSET;
        };
    }

    private static <T> T given(@Nullable T section) {
        if (section == null) {
            throw new IllegalStateException("compiled before it was checked");
        }
        return section;
    }
}
