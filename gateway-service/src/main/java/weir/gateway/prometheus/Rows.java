package weir.gateway.prometheus;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the samples of one family: what comes before the labels is made once per family, the labels are the series's own
 * bytes, and the value is formatted. Belongs to one scrape.
 */
final class Rows {
    /** Which sample of a series is written; its name is the family's and this suffix. */
    static final int PLAIN = 0;

    static final int BUCKET = 1;
    static final int SUM = 2;
    static final int COUNT = 3;
    private static final String[] SUFFIXES = {"", "_bucket", "_sum", "_count"};
    private static final byte[] NO_LABEL = {};

    private final TextBuffer text;
    private final Format format;
    private final boolean times;
    private final boolean asTheyAre;
    private final byte[][] names = new byte[SUFFIXES.length][];
    private boolean quotedName;

    Rows(TextBuffer text, Format format, PrometheusConfig config) {
        this.text = text;
        this.format = format;
        times = config.sendTimestamps();
        asTheyAre = config.strategy().escapes() || format.escaping() == Escaping.ALLOW_UTF8;
    }

    boolean openMetrics() {
        return format.openMetrics();
    }

    /** Starts a family with its comments. */
    void begin(Family family) {
        String name = shown(family.name, MetricNames.isLegacy(family.name));
        quotedName = !MetricNames.isLegacy(name);
        for (int i = 0; i < SUFFIXES.length; i++) {
            names[i] = name(name + SUFFIXES[i], quotedName ? "{" : "");
        }
        boolean total = name.endsWith("_total");
        boolean counter = family.type == Family.Type.COUNTER;
        boolean cut = openMetrics() && counter && total;
        byte[] described = name(cut ? name.substring(0, name.length() - "_total".length()) : name, "");
        text.put("# HELP ").put(described).put(' ');
        help(family.help);
        text.put("\n# TYPE ").put(described).put(' ');
        text.put(openMetrics() ? openMetricsType(family.type, total) : family.type.text)
                .put('\n');
    }

    private static String openMetricsType(Family.Type type, boolean total) {
        return switch (type) {
            // A counter of another name than OpenMetrics has for it.
            case COUNTER -> total ? "counter" : "unknown";
            case UNTYPED -> "unknown";
            case GAUGE, HISTOGRAM, SUMMARY -> type.text;
        };
    }

    private String shown(String name, boolean legacy) {
        return legacy ? name : format.escaping().escape(name);
    }

    private byte[] name(String name, String brace) {
        TextBuffer made = new TextBuffer(name.length() + 4).put(brace);
        return (quotedName ? made.quoted(name) : made.put(name)).toByteArray();
    }

    /** OpenMetrics escapes quotes in help too. */
    private void help(String help) {
        for (int i = 0; i < help.length(); i++) {
            char c = help.charAt(i);
            if (c == '\\' || (openMetrics() && c == '"')) {
                text.put('\\').put(c);
            } else if (c == '\n') {
                text.put("\\n");
            } else if (c < 128) {
                text.put(c);
            } else {
                int to = help.offsetByCodePoints(i, 1);
                text.put(help.substring(i, to));
                i = to - 1;
            }
        }
    }

    /** Writes a sample up to its value. */
    void sample(int which, Series series) {
        sample(which, series, NO_LABEL);
    }

    /** @param last a label that comes after the others */
    void sample(int which, Series series, byte[] last) {
        text.put(names[which]);
        byte[] labels = series.labels;
        if (quotedName || labels.length > 0 || last.length > 0) {
            char separator = quotedName ? ',' : '{';
            if (labels.length > 0) {
                text.put(separator);
                labels(labels);
                separator = ',';
            }
            if (last.length > 0) {
                text.put(separator).put(last);
            }
            text.put('}');
        }
        text.put(' ');
    }

    /** Labels as they are, but for quoted names that the client did not ask for. */
    private void labels(byte[] labels) {
        if (asTheyAre || !quotesNames(labels)) {
            text.put(labels);
            return;
        }
        int at = 0;
        while (at < labels.length) {
            int end;
            if (labels[at] == '"') {
                end = afterQuoted(labels, at);
                text.put(format.escaping().escape(unquoted(labels, at, end)));
            } else {
                end = at;
                while (labels[end] != '=') {
                    end++;
                }
                text.put(labels, at, end - at);
            }
            int next = afterQuoted(labels, end + 1);
            next += next < labels.length ? 1 : 0;
            text.put(labels, end, next - end);
            at = next;
        }
    }

    /** Whether the name of any label is quoted. */
    private static boolean quotesNames(byte[] labels) {
        if (labels[0] == '"') {
            return true;
        }
        for (int at = 0; at < labels.length; ) {
            while (labels[at] != '=') {
                at++;
            }
            at = afterQuoted(labels, at + 1) + 1;
            if (at < labels.length && labels[at] == '"') {
                return true;
            }
        }
        return false;
    }

    private static int afterQuoted(byte[] b, int quote) {
        int at = quote + 1;
        while (b[at] != '"') {
            at += b[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static String unquoted(byte[] b, int from, int to) {
        ByteArrayOutputStream name = new ByteArrayOutputStream(to - from);
        for (int i = from + 1; i < to - 1; i++) {
            if (b[i] == '\\') {
                i++;
                name.write(b[i] == 'n' ? '\n' : b[i]);
            } else {
                name.write(b[i]);
            }
        }
        return name.toString(StandardCharsets.UTF_8);
    }

    void number(double value) {
        text.number(value, openMetrics());
    }

    /** A count, which OpenMetrics too shows without a point. */
    void integer(long value) {
        if (openMetrics()) {
            text.put(Long.toUnsignedString(value));
        } else if (value >= 0) {
            text.number((double) value, false);
        } else {
            text.number(Double.parseDouble(Long.toUnsignedString(value)), false);
        }
    }

    /** Ends a sample. */
    void end(Series series, byte @Nullable [] exemplar) {
        if (times && series.timed() && series.timeNanos != 0) {
            long millis = series.timeNanos / 1_000_000;
            text.put(' ');
            if (openMetrics()) {
                text.number(millis / 1000.0, true);
            } else {
                text.put(millis);
            }
        }
        if (exemplar != null && openMetrics()) {
            text.put(exemplar);
        }
        text.put('\n');
    }
}
