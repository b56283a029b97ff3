package weir.allocator.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prometheus's durations: {@code 1y2w3d4h5m6s7ms}, each part at most once and in that order. */
final class PromDuration {
    private static final Pattern FORM =
            Pattern.compile("(?:(\\d+)y)?(?:(\\d+)w)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");
    private static final long[] MILLIS = {
        365L * 24 * 3600_000, 7L * 24 * 3600_000, 24L * 3600_000, 3600_000, 60_000, 1000, 1
    };

    private PromDuration() {}

    /** Its length; -1 if it is none or beyond 292 million years. */
    static long millis(String text) {
        Matcher parts = FORM.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return text.equals("0") ? 0 : -1;
        }
        try {
            long sum = 0;
            for (int i = 0; i < MILLIS.length; i++) {
                String part = parts.group(i + 1);
                if (part != null) {
                    sum = Math.addExact(sum, Math.multiplyExact(Long.parseLong(part), MILLIS[i]));
                }
            }
            return sum;
        } catch (ArithmeticException | NumberFormatException e) {
            return -1;
        }
    }
}
