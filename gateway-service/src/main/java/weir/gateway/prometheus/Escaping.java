package weir.gateway.prometheus;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is done with names that not every Prometheus takes; which, the client says. Names that every Prometheus takes stay as
 * they are.
 *
 * <p>Source: prometheus/common, package model.
 */
enum Escaping {
    UNDERSCORES("underscores") {
        @Override
        String escape(String name) {
            return each(name, (text, c, legal) -> text.append(legal ? Character.toString(c) : "_"));
        }
    },
    DOTS("dots") {
        @Override
        String escape(String name) {
            return each(
                    name,
                    (text, c, legal) ->
                            text.append(c == '.' ? "_dot_" : c == '_' || !legal ? "__" : Character.toString(c)));
        }
    },
    VALUES("values") {
        @Override
        String escape(String name) {
            return "U__"
                    + each(
                            name,
                            (text, c, legal) -> text.append(
                                    c == '_'
                                            ? "__"
                                            : legal ? Character.toString(c) : "_" + Integer.toHexString(c) + "_"));
        }
    },
    ALLOW_UTF8("allow-utf-8") {
        @Override
        String escape(String name) {
            return name;
        }
    };

    static final Map<String, Escaping> BY_TEXT =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(e -> e.text, e -> e));

    final String text;

    Escaping(String text) {
        this.text = text;
    }

    /** The name as it is shown to a client that asked for this, of one that not every Prometheus takes. */
    abstract String escape(String name);

    private interface Replacing {
        void append(StringBuilder text, int c, boolean legal);
    }

    private static String each(String name, Replacing replacing) {
        StringBuilder text = new StringBuilder(name.length() + 8);
        boolean first = true;
        for (int i = 0; i < name.length(); i = name.offsetByCodePoints(i, 1)) {
            int c = name.codePointAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean legal = (c < 128 && MetricNames.letterOrDigit((char) c)) || c == '_' || c == ':';
            replacing.append(text, c, legal && !(digit && first));
            first = false;
        }
        return text.toString();
    }
}
