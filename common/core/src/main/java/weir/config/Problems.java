package weir.config;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.config.Problem.Severity;

/** Gathers what is wrong in one file. Not for use by several threads. */
public final class Problems {
    /** More than anybody reads; a hostile file must not fill the log. */
    private static final int MOST = 200;

    /** Options that are likely to hold a secret, also where a mistake keeps them from being known as one. */
    private static final Pattern SECRET_KEY = Pattern.compile(
            "(?i)(pas+w|pwd|secret|token|api[-_]?key|key_pem|authorization|credential|bearer|access[-_]?key)[^:]*:\\s");

    private record Found(Severity severity, Position at, String message, String hint) {}

    private final String file;
    private final List<String> lines;
    private final BitSet secretLines = new BitSet();
    /** Lines that hold nothing but a part of a secret, which began above. */
    private final BitSet continuedSecrets = new BitSet();

    private final List<Found> found = new ArrayList<>();
    private int errors;

    public Problems(String file, String text) {
        this.file = file;
        this.lines = text.lines().toList();
    }

    public void error(Position at, String message, String hint) {
        errors++;
        add(new Found(Severity.ERROR, at, message, hint));
    }

    public void warning(Position at, String message, String hint) {
        add(new Found(Severity.WARNING, at, message, hint));
    }

    /** Has a value's lines masked in whatever is shown of the file. */
    public void secret(Position at) {
        int end = Math.max(at.line(), at.lastLine()) + 1;
        secretLines.set(at.line(), end);
        continuedSecrets.set(at.line() + 1, end);
    }

    /**
     * Where a part of a text stands, if the text stands in the file letter for letter: not where it is folded, has escapes, or
     * came from elsewhere.
     *
     * @param offset in the text, in characters from 0
     */
    @Nullable
    Position within(Yaml.Scalar scalar, int offset, int length) {
        String text = scalar.text();
        int row = (int) text.substring(0, Math.min(offset, text.length()))
                .chars()
                .filter(c -> c == '\n')
                .count();
        String[] rows = text.split("\n", -1);
        int begun = 0;
        for (int i = 0; i < row; i++) {
            begun += rows[i].length() + 1;
        }
        // A text that is written as a block begins on the line after its mark.
        for (int line = scalar.at().line() + row; line <= scalar.at().line() + row + 1; line++) {
            if (line >= 1 && line <= lines.size() && !rows[row].isEmpty()) {
                int from = line == scalar.at().line()
                        ? Math.min(scalar.at().column() - 1, lines.get(line - 1).length())
                        : 0;
                int found = lines.get(line - 1).indexOf(rows[row], from);
                if (found >= 0) {
                    return new Position(line, found + offset - begun + 1, Math.max(1, length), line);
                }
            }
        }
        return null;
    }

    /** How many errors there are by now. */
    public int errors() {
        return errors;
    }

    public boolean failed() {
        return errors > 0;
    }

    /** What was found, in the file's order. */
    public List<Problem> sorted() {
        return found.stream()
                .sorted(Comparator.<Found>comparingInt(f -> f.at.line()).thenComparingInt(f -> f.at.column()))
                .distinct()
                .map(f -> new Problem(f.severity, file, f.at, f.message, f.hint, excerpt(f.at.line())))
                .toList();
    }

    private void add(Found problem) {
        if (found.size() < MOST) {
            found.add(problem);
        } else if (found.size() == MOST) {
            found.add(new Found(Severity.ERROR, Position.FILE, "there are more problems than are shown here", ""));
        }
    }

    private String excerpt(int line) {
        if (line < 1 || line > lines.size()) {
            return "";
        }
        StringBuilder shown = new StringBuilder();
        lines.get(line - 1).chars().forEach(c -> shown.append(c == '\t' ? ' ' : c < ' ' || c == 0x7f ? '?' : (char) c));
        return mask(shown.toString(), secretLines.get(line), continuedSecrets.get(line))
                .stripTrailing();
    }

    private static String mask(String line, boolean secret, boolean continued) {
        Matcher key = SECRET_KEY.matcher(line);
        if (key.find()) {
            return line.substring(0, key.end()) + "****";
        }
        if (!secret) {
            return line;
        }
        int colon = continued ? -1 : line.indexOf(": ");
        return colon >= 0
                ? line.substring(0, colon + 2) + "****"
                : " ".repeat(line.length() - line.stripLeading().length()) + "****";
    }
}
