package weir.ottl.function;

import static weir.ottl.function.Family.optional;
import static weir.ottl.function.Family.value;

import com.google.re2j.Matcher;
import java.nio.charset.StandardCharsets;
import weir.ottl.Access;
import weir.ottl.AttributeMap;
import weir.ottl.EncodedMap;
import weir.ottl.Getter;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Editors that put a text in place of what matches a pattern. */
final class ReplaceEditors {
    private ReplaceEditors() {}

    static <T> void addTo(Family<T> family) {
        Parameter place = Parameter.of("target", Parameter.Kind.PLACE);
        Parameter map = Parameter.of("target", Parameter.Kind.MAP);
        Parameter function = Parameter.optional("function", Parameter.Kind.FUNCTION);
        Parameter format = optional("replacement_format");
        family.editor(
                "replace_pattern",
                ReplaceEditors::pattern,
                place,
                value("regex_pattern"),
                value("replacement"),
                function,
                format);
        family.editor(
                "replace_all_patterns",
                ReplaceEditors::allPatterns,
                map,
                Parameter.of("mode", Parameter.Kind.TEXT),
                value("regex_pattern"),
                value("replacement"),
                function,
                format);
        family.editor(
                "replace_match",
                ReplaceEditors::match,
                place,
                value("pattern"),
                value("replacement"),
                function,
                format);
        family.editor(
                "replace_all_matches",
                ReplaceEditors::allMatches,
                map,
                value("pattern"),
                value("replacement"),
                function,
                format);
    }

    /** Makes the replaced text of a text. */
    private static final class Replacer<T> {
        private final Patterns<T> patterns;
        private final Getter<T> replacement;
        private final boolean converts;
        private final Getter<T> converted;
        private final Getter<T> format;
        private final boolean formats;
        private final Value template = new Value();
        private final Value expanded = new Value();
        private final Value made = new Value();

        Replacer(Arguments<T> arguments, Patterns<T> patterns) throws ArgumentException {
            this.patterns = patterns;
            replacement = arguments.value("replacement");
            converts = arguments.has("function");
            Getter<T> plain = (_, into) -> into.set(expanded);
            converted = converts ? arguments.apply("function", plain) : plain;
            formats = arguments.has("replacement_format");
            format = arguments.value("replacement_format");
            Value known = formats ? arguments.constant("replacement_format") : null;
            if (known != null && (!known.is(Kind.STRING) || !known.text().contains("%s"))) {
                throw new ArgumentException(
                        "replacement_format", "must say where the replacement goes, with a percent sign and s");
            }
        }

        void begin(T item) {
            patterns.begin(item);
            replacement.get(item, template);
            Family.of(Kind.STRING, template);
        }

        /** Whether a text has a match; then {@code into} holds the text with all matches replaced. */
        boolean replaceAll(T item, byte[] b, int from, int end, Value into) {
            if (!patterns.mayMatch(b, from, end)) {
                return false;
            }
            String text = new String(b, from, end - from, StandardCharsets.UTF_8);
            Matcher matcher = patterns.pattern().matcher(text);
            if (!matcher.find()) {
                return false;
            }
            String written = template.text();
            StringBuilder out = new StringBuilder();
            StringBuilder one = new StringBuilder();
            int at = 0;
            do {
                out.append(text, at, matcher.start());
                one.setLength(0);
                Replacement.expand(written, matcher, patterns.pattern(), one);
                out.append(converts ? converted(item, one.toString()) : one);
                at = matcher.end();
                Limits.checkProduced(out.length());
            } while (matcher.find());
            into.set(out.append(text, at, text.length()).toString());
            return true;
        }

        /** The replacement of a whole text, for globs. */
        void whole(T item, Value into) {
            if (converts) {
                into.set(converted(item, template.text()));
            } else {
                into.set(template);
            }
        }

        private String converted(T item, String text) {
            expanded.set(text);
            converted.get(item, made);
            String result = Family.text(made);
            if (!formats) {
                return result;
            }
            format.get(item, made);
            String frame = Family.text(made);
            int hole = frame.indexOf("%s");
            if (hole < 0) {
                throw new OttlException("the replacement format does not say where the replacement goes");
            }
            return frame.substring(0, hole) + result + frame.substring(hole + 2);
        }
    }

    /** Makes another text of a text; whether it did. */
    @FunctionalInterface
    private interface Change<T> {
        boolean of(T item, Value text, Value into);
    }

    /** All that matches a pattern is replaced. */
    private static <T> Change<T> ofParts(Replacer<T> replacer) {
        return (item, text, into) -> replacer.replaceAll(item, text.bytes(), text.from(), text.end(), into);
    }

    /** What matches a glob is replaced as a whole. */
    private static <T> Change<T> ofWhole(Replacer<T> replacer, Patterns<T> globs) {
        return (item, text, into) -> {
            boolean found = globs.isFound(text.bytes(), text.from(), text.end());
            if (found) {
                replacer.whole(item, into);
            }
            return found;
        };
    }

    private static <T> Function.Edit<T> pattern(Arguments<T> arguments) throws ArgumentException {
        Access<T> target = arguments.place("target");
        Replacer<T> replacer = new Replacer<>(arguments, Patterns.of(arguments, "regex_pattern"));
        return text(target, replacer, ofParts(replacer));
    }

    private static <T> Function.Edit<T> match(Arguments<T> arguments) throws ArgumentException {
        Access<T> target = arguments.place("target");
        Patterns<T> globs = Patterns.ofGlob(arguments, "pattern");
        Replacer<T> replacer = new Replacer<>(arguments, globs);
        return text(target, replacer, ofWhole(replacer, globs));
    }

    private static <T> Function.Edit<T> text(Access<T> target, Replacer<T> replacer, Change<T> change) {
        Value value = new Value();
        Value result = new Value();
        return item -> {
            target.get(item, value);
            if (!value.is(Kind.STRING)) {
                return;
            }
            replacer.begin(item);
            if (change.of(item, value, result)) {
                target.set(item, result);
            }
        };
    }

    private static <T> Function.Edit<T> allMatches(Arguments<T> arguments) throws ArgumentException {
        MapPlace<T> place = arguments.map("target");
        Patterns<T> globs = Patterns.ofGlob(arguments, "pattern");
        Replacer<T> replacer = new Replacer<>(arguments, globs);
        return values(place, replacer, ofWhole(replacer, globs));
    }

    private static <T> Function.Edit<T> allPatterns(Arguments<T> arguments) throws ArgumentException {
        String mode = arguments.text("mode", "");
        Replacer<T> replacer = new Replacer<>(arguments, Patterns.of(arguments, "regex_pattern"));
        MapPlace<T> place = arguments.map("target");
        return switch (mode) {
            case "value" -> values(place, replacer, ofParts(replacer));
            case "key" -> keys(place, replacer);
            default -> throw new ArgumentException("mode", "must be \"key\" or \"value\"");
        };
    }

    private static <T> Function.Edit<T> values(MapPlace<T> place, Replacer<T> replacer, Change<T> change) {
        Value value = new Value();
        Value result = new Value();
        return item -> {
            AttributeMap map = place.open(item);
            replacer.begin(item);
            boolean changed = false;
            for (int i = 0; i < map.size(); i++) {
                map.value(i, value);
                if (value.is(Kind.STRING) && change.of(item, value, result)) {
                    map.set(i, result);
                    changed = true;
                }
            }
            if (changed) {
                place.close(item);
            }
        };
    }

    private static <T> Function.Edit<T> keys(MapPlace<T> place, Replacer<T> replacer) {
        Value value = new Value();
        Value key = new Value();
        EncodedMap renamed = new EncodedMap();
        return item -> {
            AttributeMap map = place.open(item);
            replacer.begin(item);
            renamed.reset();
            boolean changed = false;
            for (int i = 0; i < map.size(); i++) {
                map.value(i, value);
                if (replacer.replaceAll(item, map.keyBytes(i), map.keyFrom(i), map.keyEnd(i), key)) {
                    renamed.put(key.bytes(), key.from(), key.end(), value);
                    changed = true;
                } else {
                    renamed.put(map.keyBytes(i), map.keyFrom(i), map.keyEnd(i), value);
                }
            }
            if (changed) {
                map.replaceAll(renamed);
                place.close(item);
            }
        };
    }
}
