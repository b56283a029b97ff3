package weir.gateway.sampling;

import static weir.gateway.sampling.Configs.policy;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import weir.gateway.sampling.PolicySections.AndConfig;
import weir.gateway.sampling.PolicySections.BooleanAttributeConfig;
import weir.gateway.sampling.PolicySections.CompositeConfig;
import weir.gateway.sampling.PolicySections.LatencyConfig;
import weir.gateway.sampling.PolicySections.NotConfig;
import weir.gateway.sampling.PolicySections.NumericAttributeConfig;
import weir.gateway.sampling.PolicySections.OttlConditionConfig;
import weir.gateway.sampling.PolicySections.ProbabilisticConfig;
import weir.gateway.sampling.PolicySections.RateAllocationConfig;
import weir.gateway.sampling.PolicySections.RateLimitingConfig;
import weir.gateway.sampling.PolicySections.SpanCountConfig;
import weir.gateway.sampling.PolicySections.StringAttributeConfig;
import weir.gateway.sampling.PolicySections.TraceStateConfig;
import weir.gateway.sampling.PolicySections.WeirBoolean;
import weir.gateway.sampling.PolicySections.WeirComposite;
import weir.gateway.sampling.PolicySections.WeirLatency;
import weir.gateway.sampling.PolicySections.WeirLimit;
import weir.gateway.sampling.PolicySections.WeirNumeric;
import weir.gateway.sampling.PolicySections.WeirString;
import weir.ottl.ErrorMode;

/** Random policies, and random spans of which some meet them: keys and values are few. */
final class RandomPolicies {
    private static final long BASE = 1_700_000_000_000_000_000L;
    private static final List<String> KEYS =
            List.of("k", "http.route", "http.status_code", "a.key.that.is.long.enough");
    private static final List<String> TEXTS = List.of(
            "", "a", "b", "/api/v1/pay", "/api/v1/pay/42", "/health", "GET", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "ä\n€");
    private static final List<String> EXPRESSIONS = List.of(
            "",
            "a",
            "^a$",
            "^/api/",
            "pay$",
            "/api/.*/pay",
            "pay/\\d+",
            "health|GET",
            "^(GET|POST)$",
            "(?i)get",
            "a+b",
            "^/health$|^b",
            "[ab]{2}",
            ".*",
            "€");
    private static final List<String> STATES = List.of(
            "",
            "vendor=1",
            "vendor=2,other=x",
            "other=y,vendor=1",
            "vendor=1,vendor=1",
            "Vendor=1",
            "x",
            " vendor=1 ,o=2",
            "t@vendor=a b",
            "vendor=");

    private final SplittableRandom random;
    private int number;

    RandomPolicies(long seed) {
        random = new SplittableRandom(seed);
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private List<String> some(List<String> all) {
        return IntStream.range(0, random.nextInt(1, 4))
                .mapToObj(i -> oneOf(all))
                .toList();
    }

    /** Some policies of any type; none that remembers or could change its mind if {@code stateless}. */
    List<PolicyConfig> policies(boolean stateless) {
        List<PolicyConfig> policies = new ArrayList<>();
        for (int n = random.nextInt(1, 7); n > 0; n--) {
            policies.add(any(stateless));
        }
        return policies;
    }

    private PolicyConfig any(boolean stateless) {
        String name = "p" + number++;
        return switch (random.nextInt(stateless ? 12 : 14)) {
            case 0 -> policy(name, "and", new AndConfig(parts(true)));
            case 1 -> policy(name, "not", new NotConfig(leaf("n" + number++, stateless)));
            case 2 -> policy(name, "drop", new PolicySections.DropConfig(parts(true)));
            case 12 ->
                policy(
                        name,
                        "rate_limiting",
                        new RateLimitingConfig(random.nextInt(1, 60), oneIn(2) ? 0 : 40, new WeirLimit(false)));
            case 13 -> composite(name);
            default -> leaf(name, stateless);
        };
    }

    private List<PolicyConfig> parts(boolean stateless) {
        List<PolicyConfig> parts = new ArrayList<>();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            String name = "s" + number++;
            parts.add(oneIn(4) ? policy(name, "not", new NotConfig(leaf("", stateless))) : leaf(name, stateless));
        }
        return parts;
    }

    private PolicyConfig composite(String name) {
        List<PolicyConfig> parts =
                List.of(leaf("c0", false), policy("c1", "and", new AndConfig(parts(true))), leaf("c2", false));
        return policy(
                name,
                "composite",
                new CompositeConfig(
                        random.nextInt(10, 200),
                        List.of("c2", "c1", "c0"),
                        parts,
                        List.of(new RateAllocationConfig("c0", 50), new RateAllocationConfig("c1", 0)),
                        new WeirComposite(false, false, false, false)));
    }

    private PolicyConfig leaf(String name, boolean stateless) {
        return switch (random.nextInt(14)) {
            case 0 -> {
                long threshold = random.nextInt(100);
                long upper = stateless || oneIn(2) ? 0 : threshold + random.nextInt(1, 60);
                yield policy(name, "latency", new LatencyConfig(threshold, upper, new WeirLatency(oneIn(3))));
            }
            case 1, 2 -> {
                boolean zero = oneIn(3);
                long min = random.nextInt(-4, 5);
                long max = min + random.nextInt(4);
                Long least = oneIn(3) ? null : (Long) min;
                Long most = least == null || !oneIn(3) ? (Long) max : null;
                boolean none = !zero && (least == null || least == 0) && (most == null || most == 0);
                yield policy(
                        name,
                        "numeric_attribute",
                        new NumericAttributeConfig(
                                oneOf(KEYS),
                                none ? (Long) 1L : least,
                                none ? null : most,
                                oneIn(4),
                                new WeirNumeric(oneIn(3), zero)));
            }
            case 3 ->
                policy(name, "probabilistic", new ProbabilisticConfig(random.nextInt(101), "salt" + random.nextInt(2)));
            case 4 ->
                policy(
                        name,
                        "status_code",
                        new PolicySections.StatusCodeConfig(List.of(oneOf(List.of("OK", "ERROR")))));
            case 5, 6 ->
                policy(
                        name,
                        "string_attribute",
                        new StringAttributeConfig(
                                oneOf(KEYS), some(TEXTS), false, 128, oneIn(4), new WeirString(oneIn(3))));
            case 7 ->
                policy(
                        name,
                        "string_attribute",
                        new StringAttributeConfig(
                                oneOf(KEYS),
                                some(EXPRESSIONS),
                                true,
                                oneIn(2) ? 2 : 0,
                                oneIn(4),
                                new WeirString(oneIn(3))));
            case 8 ->
                policy(
                        name,
                        "boolean_attribute",
                        new BooleanAttributeConfig(oneOf(KEYS), oneIn(2), oneIn(3), new WeirBoolean(oneIn(2))));
            case 9 -> {
                int min = random.nextInt(1, 6);
                yield policy(
                        name,
                        "span_count",
                        new SpanCountConfig(min, stateless || oneIn(2) ? 0 : min + random.nextInt(4)));
            }
            case 10, 11, 12 ->
                policy(
                        name,
                        "ottl_condition",
                        new OttlConditionConfig(
                                oneOf(List.of(ErrorMode.values())),
                                some(OttlModel.OF_SPANS),
                                oneIn(2) ? List.of() : some(OttlModel.OF_EVENTS)));
            default ->
                oneIn(2)
                        ? policy(name, "trace_flags")
                        : policy(name, "trace_state", new TraceStateConfig("vendor", some(List.of("1", "2", "a b"))));
        };
    }

    /** A span with a few attributes of any type. */
    Span span(long trace, long spanNumber) {
        long start = BASE + random.nextLong(100_000_000L);
        Span.Builder span = oneIn(8) ? Spans.root(trace, spanNumber) : Spans.span(trace, spanNumber);
        span.setStartTimeUnixNano(start).setEndTimeUnixNano(start + random.nextLong(50_000_000L));
        for (int n = random.nextInt(4); n > 0; n--) {
            span.addAttributes(attribute());
        }
        if (oneIn(6)) {
            span.setTraceState(oneOf(STATES));
        }
        if (oneIn(10)) {
            span.setFlags(random.nextInt(4) | 0x300);
        }
        if (oneIn(10)) {
            span.setStatus(Status.newBuilder().setCodeValue(random.nextInt(4)));
        }
        for (int n = oneIn(4) ? random.nextInt(1, 4) : 0; n > 0; n--) {
            span.addEvents(Span.Event.newBuilder()
                    .setName(oneIn(2) ? "e" : "exception")
                    .addAttributes(attribute()));
        }
        return span.build();
    }

    Resource resource() {
        Resource.Builder resource = Resource.newBuilder().addAttributes(Spans.attribute("service.name", "svc"));
        for (int n = oneIn(3) ? random.nextInt(3) : 0; n > 0; n--) {
            resource.addAttributes(attribute());
        }
        return resource.build();
    }

    private KeyValue attribute() {
        AnyValue.Builder value = AnyValue.newBuilder();
        switch (random.nextInt(12)) {
            case 0 -> value.setBoolValue(oneIn(2));
            case 1 -> value.setDoubleValue(random.nextInt(-40, 50) / 10.0);
            case 2 -> value.setBytesValue(com.google.protobuf.ByteString.copyFromUtf8("a"));
            case 3 ->
                value.setArrayValue(
                        ArrayValue.newBuilder().addValues(AnyValue.newBuilder().setStringValue("a")));
            case 4 -> {}
            case 5, 6, 7 -> value.setIntValue(random.nextInt(-5, 6));
            default -> value.setStringValue(oneOf(TEXTS));
        }
        String key = oneIn(4) ? "other" + random.nextInt(4) : oneOf(KEYS);
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }
}
