package weir.ottl.function;

import java.math.BigInteger;
import java.util.Map;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Durations and their numbers: hours, minutes and seconds as floats, what is less as whole numbers. */
final class DurationConverters {
    private static final Map<String, Double> UNIT_NANOS =
            Map.of("ns", 1.0, "us", 1e3, "\u00b5s", 1e3, "\u03bcs", 1e3, "ms", 1e6, "s", 1e9, "m", 6e10, "h", 3.6e12);

    private DurationConverters() {}

    static <T> void addTo(Family<T> family) {
        family.change("Duration", "duration", (v, into) -> into.setDuration(nanos(Family.text(v))));
        fraction(family, "Hours", 3_600_000_000_000L);
        fraction(family, "Minutes", 60_000_000_000L);
        fraction(family, "Seconds", 1_000_000_000L);
        whole(family, "Milliseconds", 1_000_000);
        whole(family, "Microseconds", 1_000);
        whole(family, "Nanoseconds", 1);
    }

    private static <T> void fraction(Family<T> family, String name, long unit) {
        family.change(name, "duration", (v, into) -> {
            long nanos = Family.of(Kind.DURATION, v).integer();
            long units = nanos / unit;
            into.set(units + (nanos % unit) / (double) unit);
        });
    }

    private static <T> void whole(Family<T> family, String name, long unit) {
        family.change(
                name,
                "duration",
                (v, into) -> into.set(Family.of(Kind.DURATION, v).integer() / unit));
    }

    /** Numbers with units, such as {@code 1h30m}, {@code -1.5s}, {@code 100ms}, as Go reads them. */
    static long nanos(String text) {
        int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        if (text.substring(at).equals("0")) {
            return 0;
        }
        double sum = 0;
        boolean any = false;
        while (at < text.length()) {
            int number = at;
            while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
                at++;
            }
            int unit = at;
            while (at < text.length() && !Character.isDigit(text.charAt(at)) && text.charAt(at) != '.') {
                at++;
            }
            Double nanos = UNIT_NANOS.get(text.substring(unit, at));
            if (nanos == null || unit == number) {
                throw wrong();
            }
            try {
                sum += Double.parseDouble(text.substring(number, unit)) * nanos;
            } catch (NumberFormatException e) {
                throw wrong();
            }
            any = true;
        }
        if (!any || sum > Long.MAX_VALUE) {
            throw wrong();
        }
        return Math.round(text.startsWith("-") ? -sum : sum);
    }

    private static OttlException wrong() {
        return new OttlException("the text is no duration such as 1h30m, 1.5s or 100ms");
    }

    /** Go cuts times to multiples since the year 1, which 1970 is 719162 days after. */
    static void truncate(Value time, long nanos, Value into) {
        long at = time.integer();
        if (nanos > 0) {
            BigInteger sinceYearOne = BigInteger.valueOf(719_162L * 86_400)
                    .multiply(BigInteger.valueOf(1_000_000_000))
                    .add(BigInteger.valueOf(at));
            at -= sinceYearOne.mod(BigInteger.valueOf(nanos)).longValue();
        }
        into.setTime(at, time.zone());
    }
}
