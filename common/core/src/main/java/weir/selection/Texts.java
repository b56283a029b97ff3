package weir.selection;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import weir.match.Expressions;
import weir.otlp.Attributes;
import weir.selection.MatchProperties.MatchType;

/**
 * Texts that are meant, by themselves or by regular expressions. Equal ones are compared as bytes; expressions need the text as
 * a string. Safe for use by any thread.
 */
sealed interface Texts {
    /** Whether a text is meant. */
    boolean match(byte[] b, int from, int end);

    static Texts of(MatchType type, List<String> texts) {
        return type == MatchType.STRICT
                ? new Equal(texts.stream().map(Attributes::key).toArray(byte[][]::new))
                : new Found(texts.stream().map(Expressions::compile).toArray(Pattern[]::new));
    }

    default boolean match(String text) {
        byte[] bytes = Attributes.key(text);
        return match(bytes, 0, bytes.length);
    }

    /** Equal to one. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Equal(byte[][] texts) implements Texts {
        @Override
        public boolean match(byte[] b, int from, int end) {
            for (byte[] text : texts) {
                if (Arrays.equals(text, 0, text.length, b, from, end)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** One is found in it. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Found(Pattern[] patterns) implements Texts {
        @Override
        public boolean match(byte[] b, int from, int end) {
            String text = new String(b, from, end - from, StandardCharsets.UTF_8);
            for (Pattern pattern : patterns) {
                if (pattern.matcher(text).find()) {
                    return true;
                }
            }
            return false;
        }
    }
}
