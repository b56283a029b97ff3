package weir.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.config.Scalars.Mistyped;
import weir.config.Yaml.Entry;
import weir.config.Yaml.Mapping;
import weir.config.Yaml.Scalar;
import weir.config.Yaml.Sequence;
import weir.config.Yaml.Style;

/**
 * Makes configuration records of YAML by what their {@link Option}s say. Never stops at a mistake: it is reported and
 * the rest is looked at too. A record of which a value could not be read is not made, and so not {@link Checked}; those
 * inside of it are.
 *
 * <p>Beside the types that {@link Option} names there are: {@code Object}, for a value of any kind as Java's maps, lists and
 * scalars; and records with a method {@code static R parse(String)}, which a text stands for.
 */
public final class Binder {
    /** Knows options that others have and Weir does not. */
    @FunctionalInterface
    public interface Elsewhere {
        /**
         * Why an option that is unknown here is known elsewhere, and what to do; null if nobody knows it.
         *
         * @param path of the option, such as {@code sending_queue.storage}; positions in lists are left out
         */
        @Nullable
        String explain(String path);
    }

    private final Problems problems;
    private final UnknownOptions unknown;

    public Binder(Problems problems, Elsewhere elsewhere) {
        this.problems = problems;
        this.unknown = new UnknownOptions(problems, elsewhere);
    }

    /**
     * A record of what the file says.
     *
     * @param value null or nothing: all its defaults
     * @param at where to point when the value has no place
     * @param where for people: processors.batch
     * @return null when a value is wrong, which has been reported
     */
    public <R extends Record> @Nullable R bind(Class<R> type, @Nullable Yaml value, Position at, String where) {
        try {
            return record(type, value, new Place(at, where, ""));
        } catch (Unbindable e) {
            return null;
        }
    }

    /** @param path the option's path from the component, without positions in lists */
    private record Place(Position at, String where, String path) {
        Place option(Entry entry) {
            return new Place(
                    entry.blame(),
                    where + "." + entry.name(),
                    path.isEmpty() ? entry.name() : path + "." + entry.name());
        }

        Place item(int index, Yaml item) {
            return new Place(item.at(), where + "[" + index + "]", path);
        }
    }

    /** Something was wrong and has been reported. */
    private static final class Unbindable extends Exception {
        private Unbindable() {
            super("", null, false, false);
        }
    }

    private <R extends Record> R record(Class<R> type, @Nullable Yaml value, Place place) throws Unbindable {
        return switch (value) {
            case null -> of(type, new Mapping(place.at, List.of(), null), place);
            case Scalar scalar when parser(type) != null -> parsed(type, scalar.text(), place);
            case Scalar scalar when scalar.isNull() -> of(type, new Mapping(place.at, List.of(), null), place);
            case Mapping mapping -> of(type, mapping, place);
            default -> throw mistyped(place, "expected a mapping, found " + Yaml.describe(value), "");
        };
    }

    private <R extends Record> R of(Class<R> type, Mapping mapping, Place place) throws Unbindable {
        unknown.report(OptionSpec.of(type), mapping, place.where, place.path.isEmpty() ? "" : place.path + ".");
        return known(type, mapping, place);
    }

    /** A record of what it knows in a mapping, which may have more. */
    private <R extends Record> R known(Class<R> type, Mapping mapping, Place place) throws Unbindable {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        boolean broken = false;
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = components[i].isAnnotationPresent(Inlined.class)
                        ? known(components[i].getType().asSubclass(Record.class), mapping, place)
                        : option(OptionSpec.of(components[i]), mapping, place);
            } catch (Unbindable e) {
                broken = true;
            }
        }
        if (broken) {
            throw new Unbindable();
        }
        R made = construct(type, components, values, place);
        if (made instanceof Checked checked) {
            checked.check(complaints(mapping, place));
        }
        return made;
    }

    private @Nullable Object option(OptionSpec option, Mapping mapping, Place place) throws Unbindable {
        Entry entry = mapping.find(option.name());
        for (String alias : option.aliases()) {
            Entry other = mapping.find(alias);
            if (other != null && entry != null) {
                problems.error(
                        other.key().at(), "'" + alias + "' is another name of '" + entry.name() + "'", "remove one");
            }
            entry = entry == null ? other : entry;
        }
        if (entry == null) {
            if (option.required()) {
                throw mistyped(
                        place, "'" + option.name() + "' is missing in " + place.where, firstSentence(option.doc()));
            }
            return option.nullable() ? null : fallbackOf(option, place);
        }
        Place here = place.option(entry);
        if (Yaml.isNull(entry.value()) && !keepsNull(option, entry.value())) {
            if (option.required() && !isSection(option.type())) {
                throw mistyped(
                        here, "'" + option.name() + "' needs a value in " + place.where, firstSentence(option.doc()));
            }
            return option.nullable() && !isSection(option.type()) ? null : fallbackOf(option, here);
        }
        return value(option.type(), entry.value(), here);
    }

    /** A reference to an unset variable is an empty text where text is wanted, as in the collector. */
    private static boolean keepsNull(OptionSpec option, Yaml value) {
        return value instanceof Scalar scalar
                && scalar.style() == Style.EXPANDED
                && (option.type() == String.class || option.type() == Secret.class);
    }

    /** Whether it is a record that is written as a mapping. */
    static boolean isSection(Type type) {
        return type instanceof Class<?> c && c.isRecord() && parser(c) == null;
    }

    private @Nullable Object fallbackOf(OptionSpec option, Place place) throws Unbindable {
        if (!option.fallback().isEmpty()) {
            Yaml read = YamlReader.read(new Problems("", ""), option.fallback());
            if (read == null || Yaml.isNull(read)) {
                throw new IllegalStateException("the default of '" + option.name() + "' is no value");
            }
            return value(option.type(), read, place);
        }
        return switch (option.type()) {
            case Class<?> c when c == String.class -> "";
            case Class<?> c when c == Secret.class -> new Secret("");
            case Class<?> c when c == boolean.class || c == Boolean.class -> false;
            case Class<?> c when c == int.class || c == Integer.class -> 0;
            case Class<?> c when c == long.class || c == Long.class -> 0L;
            case Class<?> c when c == double.class || c == Double.class -> 0.0;
            case Class<?> c when c == Duration.class -> Duration.ZERO;
            case Class<?> c when c.isEnum() -> c.getEnumConstants()[0];
            case Class<?> c when c.isRecord() && parser(c) != null -> parsed(c.asSubclass(Record.class), "", place);
            case Class<?> c when c.isRecord() -> record(c.asSubclass(Record.class), null, place);
            case ParameterizedType p when p.getRawType() == List.class -> List.of();
            case ParameterizedType p when p.getRawType() == Map.class -> Map.of();
            default -> null;
        };
    }

    private @Nullable Object value(Type type, Yaml value, Place place) throws Unbindable {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return list(arguments[0], value, place);
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                return map(arguments[1], value, place);
            }
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalStateException("an option cannot be of type " + type);
        }
        if (plain.isRecord()) {
            return record(plain.asSubclass(Record.class), value, place);
        }
        if (plain == Object.class) {
            return any(value);
        }
        return scalar(plain, value, place);
    }

    private List<Object> list(Type item, Yaml value, Place place) throws Unbindable {
        if (!(value instanceof Sequence sequence)) {
            throw mistyped(
                    place,
                    "expected a list, found " + Yaml.describe(value),
                    value instanceof Scalar scalar ? "write it as [" + scalar.text() + "]" : "");
        }
        List<Object> items = new ArrayList<>();
        boolean broken = false;
        for (int i = 0; i < sequence.items().size(); i++) {
            Yaml element = sequence.items().get(i);
            Place here = place.item(i, element);
            try {
                if (Yaml.isNull(element) && !isSection(item)) {
                    throw mistyped(here, "an item of this list has no value", "");
                }
                items.add(Objects.requireNonNull(value(item, element, here)));
            } catch (Unbindable e) {
                broken = true;
            }
        }
        if (broken) {
            throw new Unbindable();
        }
        return List.copyOf(items);
    }

    private Map<String, Object> map(Type type, Yaml value, Place place) throws Unbindable {
        if (!(value instanceof Mapping mapping)) {
            throw mistyped(place, "expected a mapping, found " + Yaml.describe(value), "");
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        boolean broken = false;
        for (Entry entry : mapping.entries()) {
            try {
                values.put(
                        entry.name(),
                        Yaml.isNull(entry.value()) && type != Object.class && !isSection(type)
                                ? value(type, new Scalar(entry.key().at(), "", Style.QUOTED), place.option(entry))
                                : value(type, entry.value(), place.option(entry)));
            } catch (Unbindable e) {
                broken = true;
            }
        }
        if (broken) {
            throw new Unbindable();
        }
        return Collections.unmodifiableMap(values);
    }

    private static @Nullable Object any(Yaml value) {
        return switch (value) {
            case Scalar scalar -> Scalars.any(scalar);
            case Sequence sequence -> {
                List<@Nullable Object> items = new ArrayList<>();
                sequence.items().forEach(i -> items.add(any(i)));
                yield Collections.unmodifiableList(items);
            }
            case Mapping mapping -> {
                Map<String, @Nullable Object> values = new LinkedHashMap<>();
                mapping.entries().forEach(e -> values.put(e.name(), any(e.value())));
                yield Collections.unmodifiableMap(values);
            }
        };
    }

    private Object scalar(Class<?> type, Yaml value, Place place) throws Unbindable {
        if (type == Secret.class) {
            problems.secret(place.at);
        }
        if (type == String.class || type == Secret.class) {
            String text = switch (value) {
                case Scalar scalar -> scalar.text();
                case Sequence sequence -> sequence.original();
                case Mapping mapping -> mapping.original();
            };
            if (text == null) {
                throw mistyped(place, "expected a text, found " + Yaml.describe(value), "");
            }
            return type == String.class ? text : new Secret(text);
        }
        if (!(value instanceof Scalar scalar)) {
            throw mistyped(place, "expected " + Scalars.describe(type) + ", found " + Yaml.describe(value), "");
        }
        try {
            return Scalars.typed(type, scalar);
        } catch (Mistyped e) {
            throw mistyped(place, e.message(), e.hint());
        }
    }

    private Checked.Complaints complaints(Mapping mapping, Place place) {
        return new Checked.Complaints() {
            @Override
            public void error(String option, String what) {
                problems.error(Paths.find(mapping, place.at, option), what, "");
            }

            @Override
            public void errorWithin(String option, int offset, int length, String what, String hint) {
                Yaml value = Paths.value(mapping, option);
                Position at = Paths.find(mapping, place.at, option);
                Position part = value instanceof Scalar scalar ? problems.within(scalar, offset, length) : null;
                String where = part == null ? " (at character " + (offset + 1) + ")" : "";
                problems.error(part == null ? at : part, what + where, hint);
            }

            @Override
            public void warning(String option, String what) {
                problems.warning(Paths.find(mapping, place.at, option), what, "");
            }
        };
    }

    private <R extends Record> R construct(
            Class<R> type, RecordComponent[] components, @Nullable Object[] values, Place place) throws Unbindable {
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw mistyped(place, place.where + ": " + message(e), "");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made; does the native image know it?", e);
        }
    }

    /** Whether a text stands for a record of this type. */
    public static boolean isWrittenAsText(Class<?> type) {
        return parser(type) != null;
    }

    private static @Nullable Method parser(Class<?> type) {
        try {
            Method parse = type.getDeclaredMethod("parse", String.class);
            return Modifier.isStatic(parse.getModifiers()) && parse.getReturnType() == type ? parse : null;
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private <R extends Record> R parsed(Class<R> type, String text, Place place) throws Unbindable {
        try {
            Method parse = Objects.requireNonNull(parser(type));
            parse.setAccessible(true);
            return type.cast(parse.invoke(null, text));
        } catch (InvocationTargetException e) {
            throw mistyped(place, message(e), "");
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String message(InvocationTargetException e) {
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null ? "it cannot be used" : cause.getMessage();
    }

    private static String firstSentence(String doc) {
        int end = doc.indexOf(". ");
        return end < 0 ? doc : doc.substring(0, end);
    }

    private Unbindable mistyped(Place place, String message, String hint) {
        problems.error(place.at, message, hint);
        return new Unbindable();
    }
}
