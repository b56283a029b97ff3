package weir.ottl.function;

import static weir.ottl.function.Family.value;

import com.google.re2j.Matcher;
import java.util.Comparator;
import java.util.Map;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.ottl.Getter;
import weir.ottl.Question;
import weir.ottl.Texts;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** What regular expressions find: IsMatch, ExtractPatterns. */
final class PatternConverters {
    private PatternConverters() {}

    static <T> void addTo(Family<T> family) {
        family.converter("IsMatch", PatternConverters::isMatch, value("target"), value("pattern"));
        family.converter("ExtractPatterns", PatternConverters::extract, value("target"), value("pattern"));
    }

    private static <T> Getter<T> isMatch(Arguments<T> arguments) throws ArgumentException {
        Getter<T> getter = arguments.value("target");
        Patterns<T> patterns = Patterns.of(arguments, "pattern");
        Value value = new Value();
        Value made = new Value();
        return new Question<>(item -> {
            getter.get(item, value);
            if (value.isNil()) {
                return false;
            }
            Value text = value;
            if (!value.is(Kind.STRING)) {
                Texts.toText(value, made);
                text = made;
            }
            patterns.begin(item);
            return patterns.isFound(text.bytes(), text.from(), text.end());
        });
    }

    private static <T> Getter<T> extract(Arguments<T> arguments) throws ArgumentException {
        Getter<T> getter = arguments.value("target");
        Patterns<T> patterns = Patterns.of(arguments, "pattern");
        if (arguments.constant("pattern") != null
                && patterns.pattern().namedGroups().isEmpty()) {
            throw new ArgumentException("pattern", "must have at least one named group, such as (?P<user>\\\\w+)");
        }
        Value value = new Value();
        return (item, into) -> {
            getter.get(item, value);
            Family.of(Kind.STRING, value);
            patterns.begin(item);
            Output out = into.begin();
            if (patterns.mayMatch(value.bytes(), value.from(), value.end())) {
                Matcher matcher = patterns.pattern().matcher(value.text());
                if (matcher.find()) {
                    patterns.pattern().namedGroups().entrySet().stream()
                            .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                            .forEach(group -> {
                                String text = matcher.group(group.getValue());
                                entry(group.getKey(), text == null ? "" : text, out);
                            });
                }
            }
            into.finish(Kind.MAP);
        };
    }

    static void entry(String key, String text, Output out) {
        int mark = out.begin(Fields.VALUES);
        out.field(1, key);
        int inner = out.begin(2);
        out.field(1, text);
        out.end(inner).end(mark);
    }
}
