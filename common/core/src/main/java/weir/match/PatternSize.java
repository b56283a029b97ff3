package weir.match;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How large a regular expression becomes when it is compiled, told from its text alone. RE2/J writes out what is repeated, and has
 * no limit: twenty characters, {@code ((a{999}){999}){999}}, would need gigabytes. What is told is rather too much than too
 * little; of what is no regular expression it means nothing.
 *
 * @param instructions about as many as RE2/J makes; at most 2^40, which then stands for more
 * @param levels how deep groups nest
 */
public record PatternSize(long instructions, int levels) {
    private static final long MOST = 1L << 40;

    public static PatternSize of(String expression) {
        return new Scan(expression).size();
    }

    /** One way through a text. Sizes are of what was read of the group that is open. */
    private static final class Scan {
        private final String text;
        private final Deque<Long> outer = new ArrayDeque<>();
        private int at;
        /** Of all before the atom. */
        private long before;
        /** Of what was read last, which a repetition is of. */
        private long atom;

        private int levels;

        Scan(String text) {
            this.text = text;
        }

        PatternSize size() {
            while (at < text.length()) {
                char c = text.charAt(at++);
                switch (c) {
                    case '\\' -> escape();
                    case '[' -> characters();
                    case '(' -> open();
                    case ')' -> close();
                    case '{' -> repetition();
                    case '*', '+', '?', '|' -> before = sum(before, 1);
                    default -> one();
                }
            }
            while (!outer.isEmpty()) {
                close();
            }
            return new PatternSize(sum(before, atom), levels);
        }

        private static long sum(long a, long b) {
            return Math.min(MOST, a + b);
        }

        private void one() {
            before = sum(before, atom);
            atom = 1;
        }

        private void open() {
            outer.push(sum(before, atom));
            levels = Math.max(levels, outer.size());
            before = 0;
            atom = 0;
        }

        private void close() {
            long inside = sum(sum(before, atom), 2);
            before = outer.isEmpty() ? 0 : outer.pop();
            atom = inside;
        }

        private void escape() {
            char c = at < text.length() ? text.charAt(at++) : ' ';
            if (c == 'Q') {
                int end = text.indexOf("\\E", at);
                int limit = end < 0 ? text.length() : end;
                before = sum(before, Math.max(0, limit - at));
                at = end < 0 ? limit : end + 2;
            } else if ((c == 'p' || c == 'P' || c == 'x') && text.startsWith("{", at)) {
                int end = text.indexOf('}', at);
                at = end < 0 ? text.length() : end + 1;
            }
            one();
        }

        private void characters() {
            if (text.startsWith("^", at)) {
                at++;
            }
            boolean first = true;
            while (at < text.length() && (first || text.charAt(at) != ']')) {
                first = false;
                if (text.startsWith("[:", at) && text.indexOf(":]", at) > 0) {
                    at = text.indexOf(":]", at) + 2;
                } else {
                    at += text.charAt(at) == '\\' ? 2 : 1;
                }
            }
            at++;
            one();
        }

        /** {@code {2}}, {@code {2,}} or {@code {2,5}} of what comes before; any other brace is itself. */
        private void repetition() {
            int from = at;
            long least = number();
            long most = least;
            if (text.startsWith(",", at)) {
                at++;
                most = Math.max(least + 1, number());
            }
            if (least < 0 || !text.startsWith("}", at)) {
                at = from;
                one();
                return;
            }
            at++;
            atom = Math.min(MOST, atom * Math.max(1, most));
        }

        /** At most 1,001, which no regular expression may repeat anything as often as; -1: there is none. */
        private long number() {
            long number = -1;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                number = Math.min(1_001, 10 * Math.max(0, number) + text.charAt(at++) - '0');
            }
            return number;
        }
    }
}
