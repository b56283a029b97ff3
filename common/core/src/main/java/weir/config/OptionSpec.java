package weir.config;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration record says of one of its options.
 *
 * @param name as written in a file
 * @param aliases other names that are understood
 * @param type of the record's component
 * @param nullable whether it is null when the file does not name it
 */
public record OptionSpec(
        String name,
        List<String> aliases,
        Type type,
        boolean nullable,
        String doc,
        String fallback,
        boolean required,
        boolean live) {
    /** The options of a record, in its order, those of {@link Inlined} ones among them. */
    public static List<OptionSpec> of(Class<? extends Record> type) {
        List<OptionSpec> options = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(Inlined.class)) {
                options.addAll(of(component.getType().asSubclass(Record.class)));
            } else {
                options.add(of(component));
            }
        }
        return options;
    }

    /** The option that a component of a record is, which is not {@link Inlined}. */
    public static OptionSpec of(RecordComponent component) {
        Option option = component.getAnnotation(Option.class);
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        String name = option == null || option.name().isEmpty() ? snakeCase(component.getName()) : option.name();
        return option == null
                ? new OptionSpec(name, List.of(), component.getGenericType(), nullable, "", "", false, false)
                : new OptionSpec(
                        name,
                        List.of(option.aliases()),
                        component.getGenericType(),
                        nullable,
                        option.doc(),
                        option.fallback(),
                        option.required(),
                        option.live());
    }

    /** How the constant of an enum is written in a file: as its own {@code toString} says, else its name in lower case. */
    static String word(Enum<?> constant) {
        String text = constant.toString();
        return text.equals(constant.name()) ? text.toLowerCase(Locale.ROOT) : text;
    }

    /** The words that may be written for an enum. */
    public static List<String> words(Class<?> enumType) {
        return Arrays.stream(enumType.getEnumConstants())
                .map(c -> word((Enum<?>) c))
                .toList();
    }

    private static String snakeCase(String name) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                snake.append('_').append(Character.toLowerCase(c));
            } else {
                snake.append(c);
            }
        }
        return snake.toString();
    }
}
