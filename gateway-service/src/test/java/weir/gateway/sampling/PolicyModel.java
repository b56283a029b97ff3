package weir.gateway.sampling;

import static java.util.Objects.requireNonNull;

import com.google.re2j.Pattern;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The collector's policies, slow and obvious: as its documentation and behaviour word them, over spans as objects. One for each
 * sampler; what it remembers is what limiters have let through within one second.
 */
final class PolicyModel {
    /** A span with its resource and the name of its scope, as it came. */
    record Piece(Resource resource, String scope, Span span) {}

    /** @param by the policy that kept or dropped the trace; empty if none did */
    record Outcome(boolean kept, String by) {}

    /** A policy has no opinion. */
    static final class CannotTell extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Map<PolicyConfig, Long> spent = new HashMap<>();

    /** All policies are asked; one that drops wins, else the first that keeps. */
    Outcome decide(List<PolicyConfig> policies, List<Piece> trace, boolean firstMatch) {
        List<PolicyConfig> order = new ArrayList<>();
        policies.stream().filter(p -> p.type().equals("drop")).forEach(order::add);
        policies.stream().filter(p -> !p.type().equals("drop")).forEach(order::add);
        Outcome outcome = new Outcome(false, "");
        for (PolicyConfig policy : order) {
            boolean yes = samples(policy, trace, trace.size(), false);
            if (yes && policy.type().equals("drop")) {
                return new Outcome(false, policy.name());
            }
            if (yes && !outcome.kept) {
                outcome = new Outcome(true, policy.name());
                if (firstMatch) {
                    break;
                }
            }
        }
        return outcome;
    }

    /**
     * Each piece of the trace is looked at alone, until one decides.
     *
     * @param batches spans that came together, with one resource
     */
    Outcome decideOnIngest(List<PolicyConfig> policies, List<List<Piece>> batches) {
        int spans = 0;
        for (List<Piece> batch : batches) {
            spans += batch.size();
            boolean mayBeDropped = false;
            for (PolicyConfig policy : policies) {
                if (policy.type().equals("drop")) {
                    if (samples(policy, batch, spans, false)) {
                        return new Outcome(false, policy.name());
                    }
                    // One that cannot tell does not stand in the way of others.
                    mayBeDropped |= !samples(policy, batch, spans, true);
                }
            }
            for (PolicyConfig policy : policies) {
                if (!mayBeDropped && !policy.type().equals("drop") && samples(policy, batch, spans, false)) {
                    return new Outcome(true, policy.name());
                }
            }
        }
        return new Outcome(false, "");
    }

    private boolean samples(PolicyConfig p, List<Piece> trace, int spans, boolean otherwise) {
        try {
            return samples(p, trace, spans);
        } catch (CannotTell _) {
            return otherwise;
        }
    }

    private boolean samples(PolicyConfig p, List<Piece> trace, int spans) {
        return switch (p.type()) {
            case "always_sample" -> true;
            case "latency" -> latency(requireNonNull(p.latency()), trace);
            case "numeric_attribute" -> {
                var n = requireNonNull(p.numericAttribute());
                long min = bound(n.minValue(), n.weir().zeroBounds(), Long.MIN_VALUE);
                long max = bound(n.maxValue(), n.weir().zeroBounds(), Long.MAX_VALUE);
                yield any(
                                trace,
                                n.key(),
                                (v, ofResource) -> inRange(v, min, max, n.weir().typed()))
                        != n.invertMatch();
            }
            case "probabilistic" -> {
                var q = requireNonNull(p.probabilistic());
                byte[] id = trace.getFirst().span.getTraceId().toByteArray();
                yield new BigInteger(Long.toUnsignedString(fnv(q.hashSalt(), id))).doubleValue()
                        <= q.samplingPercentage() / 100 * Math.pow(2, 64);
            }
            case "status_code" ->
                trace.stream()
                        .anyMatch(t -> requireNonNull(p.statusCode()).statusCodes().stream()
                                .anyMatch(code ->
                                        t.span.getStatus().getCode().name().endsWith("_" + code)));
            case "string_attribute" -> {
                var s = requireNonNull(p.stringAttribute());
                yield any(trace, s.key(), (v, ofResource) -> text(s, v, ofResource)) != s.invertMatch();
            }
            case "boolean_attribute" -> {
                var b = requireNonNull(p.booleanAttribute());
                yield any(
                                trace,
                                b.key(),
                                (v, ofResource) ->
                                        (!b.weir().typed() || v.hasBoolValue()) && v.getBoolValue() == b.value())
                        != b.invertMatch();
            }
            case "span_count" -> {
                var c = requireNonNull(p.spanCount());
                yield spans >= c.minSpans() && (c.maxSpans() == 0 || spans <= c.maxSpans());
            }
            case "trace_state" -> {
                var t = requireNonNull(p.traceState());
                yield trace.stream().anyMatch(x -> {
                    String value = members(x.span.getTraceState()).get(t.key());
                    return value != null
                            && t.values().contains(value)
                            && t.key().length() + value.length() < 256;
                });
            }
            case "trace_flags" -> trace.stream().anyMatch(x -> (x.span.getFlags() & 1) == 1);
            case "ottl_condition" -> OttlModel.isMet(requireNonNull(p.ottlCondition()), trace);
            case "rate_limiting" -> {
                var r = requireNonNull(p.rateLimiting());
                long burst = r.burstCapacity() > 0 ? r.burstCapacity() : 2 * r.spansPerSecond();
                yield charge(p, spans, burst);
            }
            case "and" -> requireNonNull(p.and()).andSubPolicy().stream().allMatch(s -> samples(s, trace, spans));
            case "not" -> !samples(requireNonNull(p.not()).notSubPolicy(), trace, spans);
            case "drop" -> requireNonNull(p.drop()).dropSubPolicy().stream().allMatch(s -> samples(s, trace, spans));
            case "composite" -> composite(requireNonNull(p.composite()), trace, spans);
            default -> throw new AssertionError(p.type());
        };
    }

    private boolean composite(PolicySections.CompositeConfig c, List<Piece> trace, int spans) {
        for (PolicyConfig part : c.compositeSubPolicy()) {
            if (samples(part, trace, spans)) {
                long share = c.rateAllocation().stream()
                        .filter(r -> r.policy().equals(part.name()))
                        .findFirst()
                        .map(r -> r.percent() > 0
                                ? c.maxTotalSpansPerSecond() * r.percent() / 100
                                : c.maxTotalSpansPerSecond()
                                        / c.compositeSubPolicy().size())
                        .orElse(0L);
                return charge(part, spans, Math.min(share, c.maxTotalSpansPerSecond()));
            }
        }
        return false;
    }

    private boolean charge(PolicyConfig policy, int spans, long limit) {
        long total = spent.getOrDefault(policy, 0L) + spans;
        if (total > limit) {
            return false;
        }
        spent.put(policy, total);
        return true;
    }

    private static long bound(@Nullable Long given, boolean zero, long none) {
        return given == null || (given == 0 && !zero) ? none : given;
    }

    private static boolean inRange(AnyValue v, long min, long max, boolean typed) {
        if (typed && v.hasDoubleValue()) {
            return v.getDoubleValue() >= min && v.getDoubleValue() <= max;
        }
        return (!typed || v.hasIntValue()) && v.getIntValue() >= min && v.getIntValue() <= max;
    }

    private static boolean text(PolicySections.StringAttributeConfig s, AnyValue v, boolean ofResource) {
        boolean empty = s.weir().emptyValues();
        if (v.getStringValue().isEmpty() && (empty ? !v.hasStringValue() : !ofResource)) {
            return false;
        }
        return s.enabledRegexMatching()
                ? s.values().stream()
                        .anyMatch(r ->
                                Pattern.compile(r).matcher(v.getStringValue()).find())
                : (empty || !v.getStringValue().isEmpty()) && s.values().contains(v.getStringValue());
    }

    private interface Test {
        boolean matches(AnyValue value, boolean ofResource);
    }

    private static boolean any(List<Piece> trace, String key, Test test) {
        return trace.stream()
                .anyMatch(t -> first(t.resource.getAttributesList(), key, v -> test.matches(v, true))
                        || first(t.span.getAttributesList(), key, v -> test.matches(v, false)));
    }

    private static boolean first(List<KeyValue> attributes, String key, Predicate<AnyValue> test) {
        Optional<KeyValue> found =
                attributes.stream().filter(a -> a.getKey().equals(key)).findFirst();
        return found.isPresent() && test.test(found.get().getValue());
    }

    private static boolean latency(PolicySections.LatencyConfig latency, List<Piece> trace) {
        long min = 0;
        long max = 0;
        boolean was = false;
        boolean is = false;
        for (Piece piece : trace) {
            Span span = piece.span;
            min = min == 0 || span.getStartTimeUnixNano() < min ? span.getStartTimeUnixNano() : min;
            max = max == 0 || span.getEndTimeUnixNano() > max ? span.getEndTimeUnixNano() : max;
            long millis = (max - min) / 1_000_000;
            is = latency.upperThresholdMs() == 0
                    ? millis >= latency.thresholdMs()
                    : latency.thresholdMs() < millis && millis <= latency.upperThresholdMs();
            was |= is;
        }
        return latency.weir().wholeTrace() ? is : was;
    }

    private static long fnv(String salt, byte[] id) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : salt.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        for (byte b : id) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The members of a W3C trace state; none if anything in it is wrong. */
    static Map<String, String> members(String state) {
        Map<String, String> members = new LinkedHashMap<>();
        for (String member : state.split(",")) {
            if (member.isEmpty()) {
                continue;
            }
            java.util.regex.Matcher m = java.util.regex.Pattern.compile(
                            "[ \\t]*([a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})"
                                    + "=([ -+\\--<>-~]{0,255}[!-+\\--<>-~])[ \\t]*")
                    .matcher(member);
            if (!m.matches() || members.put(m.group(1), m.group(2)) != null || members.size() > 32) {
                return Map.of();
            }
        }
        return members;
    }
}
