package weir.launcher.cases;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.launcher.cases.CasesFile.Expectation;
import weir.launcher.cases.CasesFile.Made;

/**
 * Something about an item at the end that is not as expected.
 *
 * @param path from the expectation to what is not met: keys, and numbers of items
 * @param what was expected and what came, as a sentence without a full stop
 */
record Difference(List<Object> path, String what) {
    private static final int CLIP_CHARS = 60;

    /** The first option of an expectation that is about an item at the end; null if there is none. */
    static @Nullable String firstInside(Expectation e) {
        return !e.attributes().isEmpty()
                ? "attributes"
                : !e.resource().isEmpty()
                        ? "resource"
                        : e.name() != null
                                ? "name"
                                : fields(e).keySet().stream().findFirst().orElse(null);
    }

    /** What is expected of an item's fields, by their names. */
    private static Map<String, @Nullable Object> fields(Expectation e) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("kind", e.kind() == null ? null : Item.word(e.kind()));
        fields.put("status", e.status() == null ? null : Item.word(e.status()));
        fields.put("status_message", e.statusMessage());
        fields.put("severity", e.severity() == null ? null : Item.word(e.severity()));
        fields.put("body", e.body());
        fields.put("unit", e.unit());
        fields.put("value", e.value());
        fields.values().removeIf(Objects::isNull);
        return fields;
    }

    static List<Difference> of(Expectation expectation, Item item) {
        List<Difference> found = new ArrayList<>();
        has("attributes", "attribute", expectation.attributes(), item.attributes(), found);
        lacks("without", "attribute", expectation.without(), item.attributes(), found);
        has("resource", "the resource's attribute", expectation.resource(), item.resource(), found);
        lacks("resource_without", "the resource's attribute", expectation.resourceWithout(), item.resource(), found);
        name(expectation.name(), item, found);
        fields(expectation).forEach((field, value) -> field(field, value, item, found));
        return found;
    }

    static List<Difference> of(Made made, Item item) {
        List<Difference> found = new ArrayList<>();
        has("attributes", "attribute", made.attributes(), item.attributes(), found);
        lacks("without", "attribute", made.without(), item.attributes(), found);
        has("resource", "the resource's attribute", made.resource(), item.resource(), found);
        field("value", made.value(), item, found);
        field("unit", made.unit(), item, found);
        return found;
    }

    private static void has(
            String section,
            String what,
            Map<String, ? extends @Nullable Object> wanted,
            Map<String, ? extends @Nullable Object> there,
            List<Difference> found) {
        wanted.forEach((key, value) -> {
            if (!there.containsKey(key)) {
                found.add(new Difference(
                        List.of(section, key), what + " " + key + " was to be " + text(value) + ", it is not there"));
            } else if (!Objects.equals(there.get(key), value)) {
                found.add(new Difference(
                        List.of(section, key),
                        what + " " + key + " was to be " + text(value) + ", it is " + text(there.get(key))));
            }
        });
    }

    private static void lacks(
            String section,
            String what,
            List<String> unwanted,
            Map<String, ? extends @Nullable Object> there,
            List<Difference> found) {
        for (int i = 0; i < unwanted.size(); i++) {
            String key = unwanted.get(i);
            if (there.containsKey(key)) {
                found.add(new Difference(
                        List.of(section, i), what + " " + key + " was to be absent, it is " + text(there.get(key))));
            }
        }
    }

    private static void name(@Nullable String wanted, Item item, List<Difference> found) {
        if (wanted != null && !wanted.equals(item.name())) {
            found.add(new Difference(
                    List.of("name"), "its name was to be " + text(wanted) + ", it is " + text(item.name())));
        }
    }

    private static void field(String field, @Nullable Object wanted, Item item, List<Difference> found) {
        Object there = item.fields().get(field);
        boolean same = (wanted instanceof Number a && there instanceof Number b)
                ? a.doubleValue() == b.doubleValue()
                : Objects.equals(wanted, there);
        if (wanted != null && !same) {
            found.add(new Difference(
                    List.of(field), "its " + field + " was to be " + text(wanted) + ", it is " + text(there)));
        }
    }

    /** A value for people: texts in quotes, so that '200' and 200 can be told apart. */
    private static String text(@Nullable Object value) {
        return value instanceof String text ? "'" + clip(text) + "'" : clip(String.valueOf(value));
    }

    static String clip(String text) {
        return text.length() <= CLIP_CHARS ? text : text.substring(0, CLIP_CHARS) + "...";
    }
}
