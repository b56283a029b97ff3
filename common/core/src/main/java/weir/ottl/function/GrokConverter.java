package weir.ottl.function;

import static weir.ottl.function.Family.value;

import com.google.re2j.Matcher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.ottl.Doubles;
import weir.ottl.Getter;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** {@code ExtractGrokPatterns}: what a grok pattern captures of a text, as a map. Belongs to one thread. */
final class GrokConverter<T> implements Getter<T> {
    private final Getter<T> targetOf;
    private final Getter<T> patternOf;
    private final boolean keysOnly;
    private final Map<String, String> definitions;
    private final boolean constant;
    private final Value target = new Value();
    private final Value pattern = new Value();
    private final Value typed = new Value();
    private String source = "";
    private @Nullable Grok grok;

    private GrokConverter(Arguments<T> arguments, Map<String, String> definitions, @Nullable Grok grok) {
        this.targetOf = arguments.value("target");
        this.patternOf = arguments.value("pattern");
        this.keysOnly = arguments.flag("named_captures_only", false);
        this.definitions = definitions;
        this.constant = grok != null;
        this.grok = grok;
    }

    static <T> void addTo(Family<T> family) {
        family.converter(
                "ExtractGrokPatterns",
                GrokConverter::create,
                value("target"),
                value("pattern"),
                Parameter.optional("named_captures_only", Parameter.Kind.FLAG),
                Parameter.optional("pattern_definitions", Parameter.Kind.TEXTS));
    }

    private static <T> Getter<T> create(Arguments<T> arguments) throws ArgumentException {
        Map<String, String> definitions = definitions(arguments.texts("pattern_definitions"));
        Value known = arguments.constant("pattern");
        if (known == null) {
            return new GrokConverter<>(arguments, definitions, null);
        }
        if (!known.is(Kind.STRING)) {
            throw new ArgumentException("pattern", "must be a text");
        }
        try {
            return new GrokConverter<>(
                    arguments,
                    definitions,
                    compile(known.text(), arguments.flag("named_captures_only", false), definitions));
        } catch (OttlException e) {
            throw new ArgumentException("pattern", String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> definitions(List<String> texts) throws ArgumentException {
        Map<String, String> definitions = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            String name = equals < 0 ? "" : text.substring(0, equals);
            if (equals < 0 || name.indexOf(':') >= 0) {
                throw new ArgumentException(
                        "pattern_definitions", "must be texts such as \"NAME=expression\", with no `:` in the name");
            }
            definitions.put(name, text.substring(equals + 1));
        }
        return definitions;
    }

    private static Grok compile(String text, boolean keysOnly, Map<String, String> definitions) {
        Grok grok = Grok.compile(text, keysOnly, definitions);
        if (keysOnly && grok.keys().isEmpty()) {
            throw new OttlException("a pattern that captures nothing; write %{NAME:key}");
        }
        return grok;
    }

    @Override
    public void get(T item, Value into) {
        Grok asked = grok(item);
        targetOf.get(item, target);
        Family.of(Kind.STRING, target);
        boolean mayMatch = asked.prefilter().mayMatch(target.bytes(), target.from(), target.end());
        if (mayMatch && asked.steps() * target.length() > Limits.MAX_MATCH_STEPS) {
            throw new OttlException("a text of " + target.length() + " bytes is too long for a pattern of this size");
        }
        Map<String, String> captured = mayMatch ? captured(asked) : Map.of();
        Output out = into.begin();
        captured.forEach((key, text) -> {
            int mark = out.begin(Fields.VALUES);
            out.field(1, Grok.shown(key));
            int inner = out.begin(2);
            typed(text, asked.types().getOrDefault(key, "string"), typed);
            typed.writeTo(out);
            out.end(inner).end(mark);
        });
        into.finish(Kind.MAP);
    }

    private Grok grok(T item) {
        Grok compiled = grok;
        if (!constant) {
            patternOf.get(item, pattern);
            String text = Family.text(pattern);
            if (compiled == null || !text.equals(source)) {
                grok = null;
                compiled = compile(text, keysOnly, definitions);
                source = text;
                grok = compiled;
            }
        }
        if (compiled == null) {
            throw new IllegalStateException("a pattern that is constant was not compiled");
        }
        return compiled;
    }

    /** By key; of groups with the same key the last one that is not empty. */
    private Map<String, String> captured(Grok asked) {
        Map<String, String> captured = new LinkedHashMap<>();
        Matcher matcher = asked.pattern().matcher(target.text());
        if (matcher.find()) {
            for (int i = 0; i < asked.keys().size(); i++) {
                String text = matcher.group(i + 1);
                if (text != null && !text.isEmpty()) {
                    captured.put(asked.keys().get(i), text);
                }
            }
        }
        return captured;
    }

    private static void typed(String text, String type, Value into) {
        into.set(text);
        switch (type) {
            case "string" -> {}
            case "int", "long" -> {
                try {
                    into.set(Long.parseLong(text));
                } catch (NumberFormatException e) {
                    throw new OttlException("what was captured is no whole number");
                }
            }
            case "float", "double" -> {
                Doubles.of(into, into);
                if (Double.isInfinite(into.number()) && text.chars().anyMatch(c -> c >= '0' && c <= '9')) {
                    throw new OttlException("what was captured is too large a number");
                }
            }
            case "bool", "boolean" ->
                into.set(
                        switch (text) {
                            case "1", "t", "T", "TRUE", "true", "True" -> true;
                            case "0", "f", "F", "FALSE", "false", "False" -> false;
                            default -> throw new OttlException("what was captured is neither true nor false");
                        });
            default ->
                throw new OttlException(
                        "there is no type `" + type + "`; it must be int, long, float, double, bool or string");
        }
    }
}
