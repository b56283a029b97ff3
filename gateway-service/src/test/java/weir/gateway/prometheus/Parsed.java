package weir.gateway.prometheus;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A strict reader of the text format, of names that every Prometheus takes: each line ends in a newline, each family has
 * its comments first and comes once, no sample comes twice, labels are sorted but for le and quantile.
 */
final class Parsed {
    /** By name and labels as written. */
    final Map<String, Double> samples = new TreeMap<>();

    final Map<String, String> types = new TreeMap<>();

    private final String text;
    private int at;

    Parsed(String text) {
        this.text = text;
        String family = "";
        while (at < text.length()) {
            expect(true, text.charAt(at) != '\n', "no empty line");
            if (text.startsWith("# HELP ", at)) {
                at += 7;
                family = name();
                literal(" ");
                at = text.indexOf('\n', at) + 1;
                literal("# TYPE " + family + " ");
                int end = text.indexOf('\n', at);
                String type = text.substring(at, end);
                expect(null, types.put(family, type), "one family of a name");
                at = end + 1;
            } else {
                sample(family);
            }
        }
    }

    private void sample(String family) {
        int start = at;
        String name = name();
        expect(
                true,
                Set.of(family, family + "_bucket", family + "_sum", family + "_count")
                        .contains(name),
                "samples of its family");
        if (text.charAt(at) == '{') {
            labels();
        }
        String key = text.substring(start, at);
        literal(" ");
        int end = text.indexOf('\n', at);
        String value = text.substring(at, end).replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
        expect(null, samples.put(key, Double.parseDouble(value)), "one sample of " + key);
        at = end + 1;
    }

    private void labels() {
        Set<String> seen = new HashSet<>();
        String before = "";
        literal("{");
        while (true) {
            String label = name();
            expect(true, seen.add(label), "one label of a name");
            boolean last = label.equals("le") || label.equals("quantile");
            expect(true, last || before.compareTo(label) < 0, "labels in order");
            before = label;
            literal("=\"");
            while (text.charAt(at) != '"') {
                expect(true, text.charAt(at) != '\n', "no newline in a value");
                if (text.charAt(at) == '\\') {
                    expect(true, "\\\"n".indexOf(text.charAt(at + 1)) >= 0, "an escape there is");
                    at++;
                }
                at++;
            }
            at++;
            if (text.charAt(at) == '}') {
                at++;
                return;
            }
            expect(false, last, "nothing after le or quantile");
            literal(",");
        }
    }

    private String name() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "_:".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String name = text.substring(start, at);
        expect(true, MetricNames.isLegacy(name), "a name");
        return name;
    }

    private void literal(String expected) {
        expect(true, text.startsWith(expected, at), "\"" + expected + "\"");
        at += expected.length();
    }

    private void expect(@Nullable Object expected, @Nullable Object actual, String what) {
        if (expected == null ? actual != null : !expected.equals(actual)) {
            int from = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
            int to = text.indexOf('\n', from);
            throw new AssertionError("expected " + what + " in: " + text.substring(from, to < 0 ? text.length() : to));
        }
    }
}
