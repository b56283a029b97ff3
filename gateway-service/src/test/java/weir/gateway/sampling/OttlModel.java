package weir.gateway.sampling;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.AnyValue.ValueCase;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import weir.gateway.sampling.PolicyModel.Piece;
import weir.gateway.sampling.PolicySections.OttlConditionConfig;
import weir.ottl.ErrorMode;

/** Some conditions in OTTL beside what they mean, in Java over spans as objects; and the policy that asks them. */
final class OttlModel {
    private static final Map<String, Predicate<Piece>> SPANS = new LinkedHashMap<>();
    private static final Map<String, OfEvent> EVENTS = new LinkedHashMap<>();

    private interface OfEvent {
        boolean test(Span span, int index, Span.Event event);
    }

    static {
        SPANS.put("attributes[\"k\"] == \"a\"", p -> isText(attribute(p.span().getAttributesList(), "k"), "a"));
        SPANS.put(
                "span.attributes[\"http.route\"] != nil", p -> isThere(p.span().getAttributesList(), "http.route"));
        SPANS.put(
                "attributes[\"http.status_code\"] >= 2",
                p -> number(attribute(p.span().getAttributesList(), "http.status_code")) >= 2);
        SPANS.put(
                "resource.attributes[\"k\"] != nil or scope.name == \"lib-2\" and status.code == STATUS_CODE_ERROR",
                p -> isThere(p.resource().getAttributesList(), "k")
                        || (p.scope().equals("lib-2")
                                && p.span().getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR));
        SPANS.put(
                "IsMatch(attributes[\"http.route\"], \"pay$\")",
                p -> attribute(p.span().getAttributesList(), "http.route")
                        .getStringValue()
                        .endsWith("pay"));
        SPANS.put("IsRootSpan()", p -> p.span().getParentSpanId().isEmpty());
        SPANS.put("Len(span.events) > 1", p -> p.span().getEventsCount() > 1);
        SPANS.put(
                "Substring(attributes[\"k\"], 0, 1) == \"a\"",
                p -> beginsWithA(attribute(p.span().getAttributesList(), "k")));
        SPANS.put(
                "Substring(resource.attributes[\"http.route\"], 0, 1) == \"a\"",
                p -> beginsWithA(attribute(p.resource().getAttributesList(), "http.route")));
        EVENTS.put("name == \"exception\"", (_, _, e) -> e.getName().equals("exception"));
        EVENTS.put(
                "spanevent.attributes[\"k\"] == \"b\"",
                (_, _, e) -> isText(attribute(e.getAttributesList(), "k"), "b"));
        EVENTS.put(
                "event_index == 1 and not (span.attributes[\"k\"] == nil)",
                (span, i, _) -> i == 1 && isThere(span.getAttributesList(), "k"));
        EVENTS.put(
                "Substring(attributes[\"k\"], 0, 1) == \"a\" and resource.attributes[\"service.name\"] == \"svc\"",
                (_, _, e) -> beginsWithA(attribute(e.getAttributesList(), "k")));
    }

    static final List<String> OF_SPANS = List.copyOf(SPANS.keySet());
    static final List<String> OF_EVENTS = List.copyOf(EVENTS.keySet());

    private OttlModel() {}

    /**
     * Whether any span or event of a trace meets any condition.
     *
     * @throws PolicyModel.CannotTell if one cannot be evaluated before that, and the mode is to say so
     */
    static boolean isMet(OttlConditionConfig config, List<Piece> trace) {
        for (Piece piece : trace) {
            for (String condition : config.span()) {
                if (holds(
                        config.errorMode(),
                        () -> requireNonNull(SPANS.get(condition)).test(piece))) {
                    return true;
                }
            }
            for (int i = 0; i < piece.span().getEventsCount(); i++) {
                int index = i;
                for (String condition : config.spanevent()) {
                    OfEvent test = requireNonNull(EVENTS.get(condition));
                    if (holds(
                            config.errorMode(),
                            () -> test.test(piece.span(), index, piece.span().getEvents(index)))) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean holds(ErrorMode mode, BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (PolicyModel.CannotTell e) {
            if (mode == ErrorMode.PROPAGATE) {
                throw e;
            }
            return false;
        }
    }

    /** The first of a key; one without value if there is none. */
    private static AnyValue attribute(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(a -> a.getKey().equals(key))
                .findFirst()
                .map(KeyValue::getValue)
                .orElse(AnyValue.getDefaultInstance());
    }

    private static boolean isThere(List<KeyValue> attributes, String key) {
        return attribute(attributes, key).getValueCase() != ValueCase.VALUE_NOT_SET;
    }

    private static boolean isText(AnyValue value, String text) {
        return value.hasStringValue() && value.getStringValue().equals(text);
    }

    private static double number(AnyValue value) {
        return switch (value.getValueCase()) {
            case INT_VALUE -> value.getIntValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            default -> Double.NaN;
        };
    }

    /** Of what is no text, or has no first byte, it cannot be told. */
    private static boolean beginsWithA(AnyValue value) {
        if (!value.hasStringValue() || value.getStringValue().getBytes(StandardCharsets.UTF_8).length == 0) {
            throw new PolicyModel.CannotTell();
        }
        return value.getStringValue().startsWith("a");
    }
}
