package weir.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written as such or with a unit: 1048576, 64MiB, 1GB.
 *
 * @param bytes at least 0
 */
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*([a-z]*)");
    private static final String UNITS = "KMGT";

    /** @throws IllegalArgumentException if the text is no size, with a message for people */
    public static ByteSize parse(String text) {
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException("expected a size such as 64MiB, found '" + text + "'");
        }
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), factor(form.group(2), text)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is more than can be counted", e);
        }
    }

    private static long factor(String unit, String text) {
        return switch (unit) {
            case "", "b" -> 1;
            case "kb" -> 1_000;
            case "mb" -> 1_000_000;
            case "gb" -> 1_000_000_000;
            case "tb" -> 1_000_000_000_000L;
            case "k", "ki", "kib" -> 1L << 10;
            case "m", "mi", "mib" -> 1L << 20;
            case "g", "gi", "gib" -> 1L << 30;
            case "t", "ti", "tib" -> 1L << 40;
            default -> throw new IllegalArgumentException("expected a size such as 64MiB, found '" + text + "'");
        };
    }

    @Override
    public String toString() {
        for (int i = UNITS.length(); i > 0; i--) {
            long unit = 1L << (10 * i);
            if (bytes >= unit && bytes % unit == 0) {
                return bytes / unit + UNITS.substring(i - 1, i) + "iB";
            }
        }
        return Long.toString(bytes);
    }
}
