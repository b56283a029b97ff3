package weir.ottl;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** Times as nanoseconds since 1970 in UTC, which reach from 1677 to 2262. */
public final class Times {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private Times() {}

    /** @throws OttlException if it lies beyond what 64 bits of nanoseconds can say */
    public static long nanos(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
        } catch (ArithmeticException e) {
            throw new OttlException("a time before 1678 or after 2261");
        }
    }

    public static ZonedDateTime at(long unixNanos, ZoneId zone) {
        return Instant.ofEpochSecond(
                        Math.floorDiv(unixNanos, NANOS_PER_SECOND), Math.floorMod(unixNanos, NANOS_PER_SECOND))
                .atZone(zone);
    }

    /** As RFC 3339 has it, with as many decimals as are needed. */
    static String rfc3339(long unixNanos, ZoneId zone) {
        ZonedDateTime time = at(unixNanos, zone);
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                "%04d-%02d-%02dT%02d:%02d:%02d",
                time.getYear(),
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond()));
        if (time.getNano() > 0) {
            out.append('.').append(String.format("%09d", time.getNano()).replaceAll("0+$", ""));
        }
        ZoneOffset offset = time.getOffset();
        return out.append(offset.getTotalSeconds() == 0 ? "Z" : offset.getId()).toString();
    }
}
