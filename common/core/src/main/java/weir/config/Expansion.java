package weir.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.config.Yaml.Entry;
import weir.config.Yaml.Mapping;
import weir.config.Yaml.Scalar;
import weir.config.Yaml.Sequence;
import weir.config.Yaml.Style;

/**
 * Replaces {@code ${env:X}}, {@code ${env:X:-default}}, {@code ${X}}, {@code ${file:PATH}} and {@code ${yaml:TEXT}} in
 * values, and {@code $$} by a dollar, by the collector's rules: a value that is one reference and nothing else is typed by
 * what it stands for, be that a list or a mapping; within other text its text is put in; what was put in is looked
 * through again; keys are left alone. One difference: the line break at the end of a file is not part of its value, since
 * a token that is read from a file is never meant to have one.
 */
public final class Expansion {
    private static final int MAX_EXPANSIONS = 1000;
    private static final int MAX_DEPTH = 10;
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_CHARS = 16 << 20;
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Problems problems;
    private final UnaryOperator<@Nullable String> environment;
    private int expansions;
    private long chars;

    /** Reported; what it stood for is empty. */
    private static final class Unknown extends Exception {
        private Unknown() {
            super("", null, false, false);
        }
    }

    private Expansion(Problems problems, UnaryOperator<@Nullable String> environment) {
        this.problems = problems;
        this.environment = environment;
    }

    /** @param environment the value of a variable, null if it is not set */
    public static Yaml expand(Problems problems, Yaml root, UnaryOperator<@Nullable String> environment) {
        return new Expansion(problems, environment).value(root, 0);
    }

    private Yaml value(Yaml value, int depth) {
        return switch (value) {
            case Scalar scalar -> scalar(scalar, depth);
            case Sequence(var at, var items, var original) ->
                new Sequence(at, items.stream().map(i -> value(i, depth)).toList(), original);
            case Mapping(var at, var entries, var original) ->
                new Mapping(
                        at,
                        entries.stream()
                                .map(e -> new Entry(e.key(), value(e.value(), depth)))
                                .toList(),
                        original);
        };
    }

    private Yaml scalar(Scalar scalar, int depth) {
        String text = scalar.text();
        if (text.indexOf('$') < 0) {
            return scalar;
        }
        Scalar empty = new Scalar(scalar.at(), "", Style.EXPANDED);
        if (depth > MAX_DEPTH) {
            problems.error(scalar.at(), "references lead to references more than " + MAX_DEPTH + " deep", "");
            return empty;
        }
        try {
            if (text.startsWith("${") && text.indexOf('}') == text.length() - 1) {
                return whole(scalar, text.substring(2, text.length() - 1), depth);
            }
            return new Scalar(scalar.at(), within(scalar, depth), scalar.style());
        } catch (Unknown e) {
            return empty;
        }
    }

    /** A value that is one reference: what it stands for may be of any kind. */
    private Yaml whole(Scalar scalar, String reference, int depth) throws Unknown {
        String text = resolve(scalar.at(), reference);
        Yaml read = YamlReader.read(new Problems("", text), text);
        Yaml typed = switch (read) {
            case Sequence sequence -> new Sequence(scalar.at(), moved(sequence.items(), scalar.at()), text);
            case Mapping mapping -> new Mapping(scalar.at(), movedEntries(mapping, scalar.at()), text);
            case null, default -> new Scalar(scalar.at(), text, Style.EXPANDED);
        };
        return value(typed, depth + 1);
    }

    private String within(Scalar scalar, int depth) throws Unknown {
        String text = scalar.text();
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int dollar = text.indexOf('$', at);
            if (dollar < 0 || dollar + 1 == text.length()) {
                return out.append(text, at, text.length()).toString();
            }
            out.append(text, at, dollar);
            int close = text.charAt(dollar + 1) == '{' ? text.indexOf('}', dollar) : -1;
            if (text.charAt(dollar + 1) == '$') {
                out.append('$');
                at = dollar + 2;
            } else if (close < 0) {
                out.append('$');
                at = dollar + 1;
            } else {
                String found = resolve(scalar.at(), text.substring(dollar + 2, close));
                Yaml again = scalar(new Scalar(scalar.at(), found, Style.QUOTED), depth + 1);
                out.append(text(again));
                at = close + 1;
            }
        }
        return out.toString();
    }

    private static String text(Yaml value) {
        return switch (value) {
            case Scalar scalar -> scalar.text();
            case Sequence sequence -> sequence.original() == null ? "" : sequence.original();
            case Mapping mapping -> mapping.original() == null ? "" : mapping.original();
        };
    }

    private String resolve(Position at, String reference) throws Unknown {
        if (++expansions > MAX_EXPANSIONS) {
            if (expansions == MAX_EXPANSIONS + 1) {
                problems.error(at, "the file has more than " + MAX_EXPANSIONS + " references", "");
            }
            throw new Unknown();
        }
        if (reference.contains("${")) {
            throw unknown(at, "a reference within a reference, '${" + reference + "}', is not understood", "");
        }
        int colon = reference.indexOf(':');
        String scheme = colon < 0 || reference.startsWith(":-", colon) ? "env" : reference.substring(0, colon);
        String rest = colon < 0 || reference.startsWith(":-", colon) ? reference : reference.substring(colon + 1);
        String found = switch (scheme) {
            case "env" -> variable(at, rest);
            case "file" -> file(at, rest);
            case "yaml" -> rest;
            case "http", "https" ->
                throw unknown(
                        at,
                        "'${" + scheme + ":...}' would fetch configuration over the network, which Weir does not",
                        "put it in a file and write ${file:PATH}");
            default ->
                throw unknown(
                        at,
                        "'${" + reference + "}' is of no kind that Weir knows",
                        SCHEME.matcher(scheme).matches()
                                ? "there are env, file and yaml"
                                : "for a dollar that is meant as such write $$");
        };
        chars += found.length();
        if (chars > MAX_CHARS) {
            throw unknown(at, "references put in more than " + (MAX_CHARS >> 20) + " MiB of text", "");
        }
        return found;
    }

    private String variable(Position at, String reference) throws Unknown {
        int separator = reference.indexOf(":-");
        String name = separator < 0 ? reference : reference.substring(0, separator);
        if (!VARIABLE.matcher(name).matches()) {
            throw unknown(
                    at,
                    "'" + name + "' cannot be the name of an environment variable",
                    "for a dollar that is meant as such write $$");
        }
        String value = environment.apply(name);
        if (separator >= 0) {
            return value == null || value.isEmpty() ? reference.substring(separator + 2) : value;
        }
        if (value == null) {
            problems.warning(
                    at,
                    "the environment variable " + name + " is not set: its value is empty",
                    "set it, or write ${env:" + name + ":-default}");
            return "";
        }
        return value;
    }

    private String file(Position at, String path) throws Unknown {
        try {
            Path file = Path.of(path);
            if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
                throw unknown(at, "the file '" + path + "' is longer than 1 MiB", "");
            }
            String text = Files.readString(file);
            return text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (NoSuchFileException e) {
            throw unknown(at, "there is no file '" + path + "'", "");
        } catch (MalformedInputException e) {
            throw unknown(at, "the file '" + path + "' is not text in UTF-8", "");
        } catch (IOException | InvalidPathException e) {
            throw unknown(at, "the file '" + path + "' cannot be read: " + e.getMessage(), "");
        }
    }

    private Unknown unknown(Position at, String message, String hint) {
        problems.error(at, message, hint);
        return new Unknown();
    }

    private static List<Yaml> moved(List<Yaml> items, Position to) {
        return items.stream().map(i -> moved(i, to)).toList();
    }

    private static List<Entry> movedEntries(Mapping mapping, Position to) {
        List<Entry> entries = new ArrayList<>();
        mapping.entries()
                .forEach(e ->
                        entries.add(new Entry(new Scalar(to, e.name(), e.key().style()), moved(e.value(), to))));
        return List.copyOf(entries);
    }

    /** What an expansion brought has no place of its own in the file: its place is the reference's. */
    private static Yaml moved(Yaml value, Position to) {
        return switch (value) {
            case Scalar scalar -> new Scalar(to, scalar.text(), scalar.style());
            case Sequence sequence -> new Sequence(to, moved(sequence.items(), to), sequence.original());
            case Mapping mapping -> new Mapping(to, movedEntries(mapping, to), mapping.original());
        };
    }
}
