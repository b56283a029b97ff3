package weir.ottl.function;

import static weir.ottl.function.Family.optional;
import static weir.ottl.function.Family.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.FieldCursor;
import weir.otlp.Output;
import weir.otlp.ValueView;
import weir.ottl.Compare;
import weir.ottl.Getter;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.Question;
import weir.ottl.Texts;
import weir.ottl.Value;
import weir.ottl.Value.Kind;
import weir.ottl.syntax.Expression.Relation;

/** Texts joined, cut and searched, as bytes. */
final class TextConverters {
    private static final byte[] NIL = "<nil>".getBytes(StandardCharsets.US_ASCII);

    private TextConverters() {}

    static <T> void addTo(Family<T> family) {
        family.converter(
                "Concat", TextConverters::concat, Parameter.of("vals", Parameter.Kind.VALUES), value("delimiter"));
        family.converter("HasPrefix", a -> ends(a, "prefix", true), value("target"), value("prefix"));
        family.converter("HasSuffix", a -> ends(a, "suffix", false), value("target"), value("suffix"));
        family.converter("TrimPrefix", a -> trimEnd(a, "prefix", true), value("target"), value("prefix"));
        family.converter("TrimSuffix", a -> trimEnd(a, "suffix", false), value("target"), value("suffix"));
        family.converter("Trim", TextConverters::trim, value("target"), optional("replacement"));
        family.converter("Index", TextConverters::index, value("target"), value("value"));
        family.converter("Split", TextConverters::split, value("target"), value("delimiter"));
        family.converter(
                "Substring",
                TextConverters::substring,
                value("target"),
                value("start"),
                value("length"),
                Parameter.optional("utf8_safe", Parameter.Kind.FLAG));
    }

    private static <T> Getter<T> concat(Arguments<T> arguments) {
        @Nullable List<Getter<T>> listed = arguments.values("vals");
        Getter<T> whole = arguments.value("vals");
        Getter<T> delimiterOf = arguments.value("delimiter");
        Value delimiter = new Value();
        Value element = new Value();
        if (listed != null) {
            return (item, into) -> {
                Family.of(Kind.STRING, read(delimiterOf, item, delimiter));
                Output out = into.begin();
                for (int i = 0; i < listed.size(); i++) {
                    listed.get(i).get(item, element);
                    join(i > 0, delimiter, element, out);
                }
                into.finish(Kind.STRING);
            };
        }
        FieldCursor elements = new FieldCursor();
        ValueView view = new ValueView();
        Value list = new Value();
        return (item, into) -> {
            Family.of(Kind.STRING, read(delimiterOf, item, delimiter));
            Family.of(Kind.LIST, read(whole, item, list));
            Output out = into.begin();
            boolean more = false;
            for (elements.reset(list.bytes(), list.from(), list.end()); elements.next(); more = true) {
                element.set(view.reset(list.bytes(), elements.from(), elements.end()));
                join(more, delimiter, element, out);
            }
            into.finish(Kind.STRING);
        };
    }

    private static void join(boolean more, Value delimiter, Value element, Output out) {
        if (more) {
            out.put(delimiter.bytes(), delimiter.from(), delimiter.end());
        }
        if (element.isNil()) {
            out.put(NIL);
        } else {
            Texts.append(element, out);
        }
        Limits.checkProduced(out.size());
    }

    private static <T> Value read(Getter<T> getter, T item, Value into) {
        getter.get(item, into);
        return into;
    }

    private static boolean lies(Value part, Value whole, boolean first) {
        int length = part.length();
        if (length > whole.length()) {
            return false;
        }
        int at = first ? whole.from() : whole.end() - length;
        return Arrays.equals(whole.bytes(), at, at + length, part.bytes(), part.from(), part.end());
    }

    private static <T> Getter<T> ends(Arguments<T> arguments, String parameter, boolean first) {
        Getter<T> wholeOf = arguments.value("target");
        Getter<T> partOf = arguments.value(parameter);
        Value whole = new Value();
        Value part = new Value();
        return new Question<>(item -> {
            Family.of(Kind.STRING, read(wholeOf, item, whole));
            Family.of(Kind.STRING, read(partOf, item, part));
            return lies(part, whole, first);
        });
    }

    private static <T> Getter<T> trimEnd(Arguments<T> arguments, String parameter, boolean first) {
        Getter<T> wholeOf = arguments.value("target");
        Getter<T> partOf = arguments.value(parameter);
        Value whole = new Value();
        Value part = new Value();
        return (item, into) -> {
            Family.of(Kind.STRING, read(wholeOf, item, whole));
            Family.of(Kind.STRING, read(partOf, item, part));
            int cut = lies(part, whole, first) ? part.length() : 0;
            into.set(Kind.STRING, whole.bytes(), whole.from() + (first ? cut : 0), whole.end() - (first ? 0 : cut));
        };
    }

    private static <T> Getter<T> trim(Arguments<T> arguments) {
        Getter<T> targetOf = arguments.value("target");
        Getter<T> charactersOf = arguments.value("replacement");
        Value target = new Value();
        Value characters = new Value();
        return (item, into) -> {
            String text = Family.text(read(targetOf, item, target));
            read(charactersOf, item, characters);
            String cut = characters.isNil() ? " " : Family.text(characters);
            int from = 0;
            int end = text.length();
            while (from < end && cut.indexOf(text.codePointAt(from)) >= 0) {
                from += Character.charCount(text.codePointAt(from));
            }
            while (end > from && cut.indexOf(text.codePointBefore(end)) >= 0) {
                end -= Character.charCount(text.codePointBefore(end));
            }
            into.set(text.substring(from, end));
        };
    }

    private static int find(Value whole, Value part, int from) {
        int last = whole.end() - part.length();
        for (int at = from; at <= last; at++) {
            if (Arrays.equals(whole.bytes(), at, at + part.length(), part.bytes(), part.from(), part.end())) {
                return at;
            }
        }
        return -1;
    }

    private static <T> Getter<T> index(Arguments<T> arguments) {
        Getter<T> targetOf = arguments.value("target");
        Getter<T> wantedOf = arguments.value("value");
        Value target = new Value();
        Value wanted = new Value();
        Value element = new Value();
        FieldCursor elements = new FieldCursor();
        ValueView view = new ValueView();
        return (item, into) -> {
            read(targetOf, item, target);
            read(wantedOf, item, wanted);
            if (target.is(Kind.STRING)) {
                Family.of(Kind.STRING, wanted);
                int at = find(target, wanted, target.from());
                into.set(at < 0 ? -1L : at - target.from());
                return;
            }
            Family.of(Kind.LIST, target);
            long found = -1;
            long n = 0;
            for (elements.reset(target.bytes(), target.from(), target.end()); found < 0 && elements.next(); n++) {
                element.set(view.reset(target.bytes(), elements.from(), elements.end()));
                if (Compare.holds(Relation.EQUAL, element, wanted)) {
                    found = n;
                }
            }
            into.set(found);
        };
    }

    private static <T> Getter<T> split(Arguments<T> arguments) {
        Getter<T> targetOf = arguments.value("target");
        Getter<T> delimiterOf = arguments.value("delimiter");
        Value target = new Value();
        Value delimiter = new Value();
        Value part = new Value();
        return (item, into) -> {
            Family.of(Kind.STRING, read(targetOf, item, target));
            Family.of(Kind.STRING, read(delimiterOf, item, delimiter));
            Output out = into.begin();
            int from = target.from();
            while (from <= target.end()) {
                int next = delimiter.length() == 0 ? afterCharacter(target, from) : find(target, delimiter, from);
                int end = next < 0 ? target.end() : next;
                if (delimiter.length() == 0 && from == target.end()) {
                    break;
                }
                SetEditors.element(part.set(Kind.STRING, target.bytes(), from, end), out);
                Limits.checkProduced(out.size());
                from = next < 0 ? target.end() + 1 : next + delimiter.length();
            }
            into.finish(Kind.LIST);
        };
    }

    private static int afterCharacter(Value text, int from) {
        int at = from + 1;
        while (at < text.end() && (text.bytes()[at] & 0xc0) == 0x80) {
            at++;
        }
        return Math.min(at, text.end());
    }

    private static <T> Getter<T> substring(Arguments<T> arguments) throws ArgumentException {
        if (!arguments.flag("utf8_safe", true)) {
            throw new ArgumentException("utf8_safe", "cannot be false: text that is not UTF-8 is refused by receivers");
        }
        Getter<T> targetOf = arguments.value("target");
        Getter<T> startOf = arguments.value("start");
        Getter<T> lengthOf = arguments.value("length");
        Value target = new Value();
        Value number = new Value();
        return (item, into) -> {
            Family.of(Kind.STRING, read(targetOf, item, target));
            long start = Family.integer(read(startOf, item, number));
            long length = Family.integer(read(lengthOf, item, number));
            if (start < 0 || length < 0 || length == 0 || start > target.length() - length) {
                throw new OttlException(
                        "bytes " + start + " to " + (start + length) + " of a text of " + target.length() + " bytes");
            }
            int from = target.from() + (int) start;
            int end = from + (int) length;
            // Text stays text: characters that the bytes cut through are left out.
            while (from < end && (target.bytes()[from] & 0xc0) == 0x80) {
                from++;
            }
            while (end > from && end < target.end() && (target.bytes()[end] & 0xc0) == 0x80) {
                end--;
            }
            into.set(Kind.STRING, target.bytes(), from, end);
        };
    }
}
