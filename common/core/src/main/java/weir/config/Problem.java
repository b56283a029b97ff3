package weir.config;

import java.util.List;

/**
 * What is wrong, or doubtful, in a pipeline file.
 *
 * @param file its name, for people
 * @param message what was wrong, as a sentence without a full stop
 * @param hint what to do; may be empty
 * @param excerpt the line of the file, with secrets masked; empty if there is none
 */
public record Problem(Severity severity, String file, Position at, String message, String hint, String excerpt) {
    /** Whether the file can be used all the same. */
    public enum Severity {
        ERROR("error", "\u001b[31m"),
        WARNING("warn", "\u001b[33m");

        private final String word;
        private final String colour;

        Severity(String word, String colour) {
            this.word = word;
            this.colour = colour;
        }
    }

    private static final int WIDEST_EXCERPT = 110;
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    /** {@code file:line:column}, or the file alone. */
    public String location() {
        return at.line() == 0 ? file : file + ":" + at.line() + ":" + at.column();
    }

    /** All problems, with a last line that sums them up; empty if there are none. */
    public static String render(List<Problem> problems, boolean colour) {
        if (problems.isEmpty()) {
            return "";
        }
        int width = problems.stream().mapToInt(p -> p.location().length()).max().orElse(0);
        StringBuilder out = new StringBuilder();
        problems.forEach(p -> p.render(out, width, colour));
        return out.append(summary(problems)).append('\n').toString();
    }

    /** This problem alone: location, severity and message, the line with a caret, the hint. */
    public String render(boolean colour) {
        StringBuilder out = new StringBuilder();
        render(out, location().length(), colour);
        return out.toString();
    }

    private static String summary(List<Problem> problems) {
        long errors =
                problems.stream().filter(p -> p.severity == Severity.ERROR).count();
        long warnings = problems.size() - errors;
        if (errors == 0) {
            return count(warnings, "warning") + ".";
        }
        return count(errors, "error") + (warnings == 0 ? "" : ", " + count(warnings, "warning"))
                + ". Nothing was applied.";
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private void render(StringBuilder out, int width, boolean colour) {
        String word = String.format("%-5s", severity.word);
        out.append(String.format("%-" + width + "s ", location()))
                .append(colour ? severity.colour + word + PLAIN : word)
                .append("  ")
                .append(colour ? BOLD + message + PLAIN : message)
                .append('\n');
        if (excerpt.isEmpty()) {
            if (!hint.isEmpty()) {
                out.append("      ").append(hint).append('\n');
            }
            return;
        }
        int column = Math.min(at.column() - 1, excerpt.length());
        int length = Math.max(1, Math.min(at.length(), excerpt.length() - column));
        String shown = excerpt;
        if (shown.length() > WIDEST_EXCERPT) {
            int from = Math.clamp(column - WIDEST_EXCERPT / 2, 0, shown.length() - WIDEST_EXCERPT);
            shown = shown.substring(from, from + WIDEST_EXCERPT);
            column -= from;
            length = Math.max(1, Math.min(length, shown.length() - column));
        }
        out.append(String.format("%5d | %s\n", at.line(), shown));
        String caret = "^".repeat(length);
        out.append("      | ")
                .append(" ".repeat(column))
                .append(colour ? severity.colour + caret + PLAIN : caret)
                .append(hint.isEmpty() ? "" : "  " + hint)
                .append('\n');
    }
}
