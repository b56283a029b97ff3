package weir.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them (1h30m, 1.5s, 100ms), and the longer units that Prometheus adds (d, w, y). */
public final class Durations {
    private static final Pattern PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h|d|w|y)");

    private Durations() {}

    /** @throws IllegalArgumentException if the text is no duration, with a message for people */
    public static Duration parse(String text) {
        boolean negative = text.startsWith("-");
        String rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(rest);
        int end = 0;
        while (part.lookingAt()) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanosOf(part.group(2)))));
            end = part.end();
            part.region(end, rest.length());
        }
        if (end == 0 || end < rest.length()) {
            throw new IllegalArgumentException("expected a duration such as 10s or 1m30s, found '" + text + "'");
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("'" + text + "' is longer than any duration (292 years)");
        }
        return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
    }

    /** As Go writes it, without zero parts: 1m30s, 1.5s, 100ms. */
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.isNegative()) {
            return "-" + format(duration.negated());
        }
        long nanos = duration.toNanos();
        if (nanos < 1_000_000_000L) {
            return nanos < 1_000
                    ? nanos + "ns"
                    : nanos < 1_000_000 ? decimal(nanos, 1_000) + "us" : decimal(nanos, 1_000_000) + "ms";
        }
        long hours = duration.toHours();
        long rest = nanos - hours * 3_600_000_000_000L;
        long minutes = rest / 60_000_000_000L;
        rest -= minutes * 60_000_000_000L;
        return (hours > 0 ? hours + "h" : "")
                + (minutes > 0 ? minutes + "m" : "")
                + (rest > 0 ? decimal(rest, 1_000_000_000L) + "s" : "");
    }

    private static String decimal(long nanos, long unit) {
        return BigDecimal.valueOf(nanos)
                .divide(BigDecimal.valueOf(unit))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "d" -> 86_400_000_000_000L;
            case "w" -> 7 * 86_400_000_000_000L;
            default -> 365 * 86_400_000_000_000L;
        };
    }
}
