package weir.ottl.function;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import weir.ottl.OttlException;

/** Times as text by a format of directives, as {@code strptime} and the collector have it. Immutable. */
final class TimeLayout {
    private static final Map<Character, String> COMPOUND = Map.of(
            'D',
            "%m/%d/%Y",
            'x',
            "%m/%d/%Y",
            'F',
            "%Y-%m-%d",
            'T',
            "%H:%M:%S",
            'X',
            "%H:%M:%S",
            'r',
            "%I:%M:%S %P",
            'R',
            "%H:%M",
            'c',
            "%a %b %e %H:%M:%S %Y");
    private static final String SINGLE = "YymoqbhBdegjaAHlIpPMSLfszZwiknt%";

    /** Directives, and characters as they are: the latter without the sign in front. */
    private record Part(boolean isDirective, char of) {}

    /** What has been read of a text. */
    private static final class Reading {
        private final String text;
        private int at;
        private int year;
        private int month = 1;
        private int day = 1;
        private int hour;
        private int minute;
        private int second;
        private int nano;
        private boolean twelve;
        private boolean afternoon;
        private ZoneId zone;

        Reading(String text, ZoneId zone, int year) {
            this.text = text;
            this.year = year;
            this.zone = zone;
        }

        int number(int least, int most) {
            int from = at;
            while (at < text.length() && at - from < most && Character.digit(text.charAt(at), 10) >= 0) {
                at++;
            }
            if (at - from < least) {
                throw wrong();
            }
            return Integer.parseInt(text.substring(from, at));
        }

        int fraction(int most) {
            int from = at;
            int value = number(1, most);
            for (int digits = at - from; digits < 9; digits++) {
                value *= 10;
            }
            return value;
        }

        int name(List<String> names) {
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                if (text.regionMatches(true, at, name, 0, name.length())) {
                    at += name.length();
                    return i;
                }
            }
            throw wrong();
        }

        void blank() {
            if (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
        }

        void offset() {
            if (text.startsWith("Z", at)) {
                at++;
                zone = ZoneOffset.UTC;
                return;
            }
            if (at == text.length() || (text.charAt(at) != '+' && text.charAt(at) != '-')) {
                throw wrong();
            }
            int sign = text.charAt(at++) == '-' ? -1 : 1;
            int seconds = number(2, 2) * 3600;
            for (int unit = 60; unit >= 1 && at < text.length(); unit /= 60) {
                boolean colon = text.charAt(at) == ':';
                if (!colon && Character.digit(text.charAt(at), 10) < 0) {
                    break;
                }
                at += colon ? 1 : 0;
                seconds += number(2, 2) * unit;
            }
            zone = ZoneOffset.ofTotalSeconds(sign * seconds);
        }

        void zoneName() {
            int from = at;
            while (at < text.length() && Character.isUpperCase(text.charAt(at))) {
                at++;
            }
            if (at == from) {
                throw wrong();
            }
            String name = text.substring(from, at);
            // As in Go, an abbreviation that the location does not use says nothing about the offset.
            if (name.equals("UTC") || name.equals("GMT")) {
                zone = ZoneOffset.UTC;
            }
        }

        OttlException wrong() {
            return new OttlException("the text does not have the format, at character " + (at + 1));
        }

        ZonedDateTime time() {
            int h = twelve ? hour % 12 + (afternoon ? 12 : 0) : hour;
            try {
                LocalDateTime time = LocalDateTime.of(year, month, day, h, minute, second, nano);
                return time.atZone(zone);
            } catch (DateTimeException e) {
                throw new OttlException("there is no such time");
            }
        }
    }

    private final List<Part> parts = new ArrayList<>();

    private TimeLayout() {}

    static TimeLayout of(String format, String parameter) throws ArgumentException {
        if (format.isEmpty()) {
            throw new ArgumentException(parameter, "must not be empty");
        }
        TimeLayout layout = new TimeLayout();
        layout.add(format, parameter);
        return layout;
    }

    private void add(String format, String parameter) throws ArgumentException {
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                parts.add(new Part(false, c));
                continue;
            }
            char of = ++i < format.length() ? format.charAt(i) : ' ';
            if ("Lfs".indexOf(of) >= 0 && (i < 2 || ".,".indexOf(format.charAt(i - 2)) < 0)) {
                throw new ArgumentException(parameter, "needs a point or comma before %" + of);
            }
            String compound = COMPOUND.get(of);
            if (compound != null) {
                add(compound, parameter);
            } else if (SINGLE.indexOf(of) >= 0) {
                parts.add(new Part(true, of));
            } else {
                throw new ArgumentException(parameter, "has no directive %" + of + "; it is written like %Y-%m-%d");
            }
        }
    }

    private static List<String> months(TextStyle style) {
        return Arrays.stream(Month.values())
                .map(m -> m.getDisplayName(style, Locale.ENGLISH))
                .toList();
    }

    private static List<String> days(TextStyle style) {
        return Arrays.stream(DayOfWeek.values())
                .map(d -> d.getDisplayName(style, Locale.ENGLISH))
                .toList();
    }

    /**
     * @param zone of texts that do not say theirs
     * @param year of texts that do not say theirs
     */
    ZonedDateTime parse(String text, ZoneId zone, int year) {
        Reading r = new Reading(text, zone, year);
        for (Part part : parts) {
            if (part.isDirective) {
                read(part.of, r);
            } else if (r.at < text.length() && text.charAt(r.at) == part.of) {
                r.at++;
            } else {
                throw r.wrong();
            }
        }
        if (r.at != text.length()) {
            throw r.wrong();
        }
        return r.time();
    }

    private static void read(char directive, Reading r) {
        switch (directive) {
            case 'Y' -> r.year = r.number(4, 4);
            case 'y' -> {
                int two = r.number(2, 2);
                r.year = two >= 69 ? 1900 + two : 2000 + two;
            }
            case 'm' -> r.month = r.number(1, 2);
            case 'o' -> {
                r.blank();
                r.month = r.number(1, 2);
            }
            case 'q' -> r.month = r.number(1, 2);
            case 'b', 'h' -> r.month = 1 + r.name(months(TextStyle.SHORT));
            case 'B' -> r.month = 1 + r.name(months(TextStyle.FULL));
            case 'd' -> r.day = r.number(1, 2);
            case 'e' -> {
                r.blank();
                r.day = r.number(1, 2);
            }
            case 'g' -> r.day = r.number(1, 2);
            case 'a' -> r.name(days(TextStyle.SHORT));
            case 'A' -> r.name(days(TextStyle.FULL));
            case 'H' -> r.hour = r.number(1, 2);
            case 'I', 'l' -> {
                r.twelve = true;
                r.hour = r.number(1, 2);
            }
            case 'p', 'P' -> {
                r.twelve = true;
                r.afternoon = r.name(List.of("AM", "PM")) == 1;
            }
            case 'M' -> r.minute = r.number(1, 2);
            case 'S' -> r.second = r.number(1, 2);
            case 'L' -> r.nano = r.fraction(3);
            case 'f' -> r.nano = r.fraction(6);
            case 's' -> r.nano = r.fraction(9);
            case 'z', 'w', 'i', 'j', 'k' -> r.offset();
            case 'Z' -> r.zoneName();
            case 'n' -> literal('\n', r);
            case 't' -> literal('\t', r);
            default -> literal('%', r);
        }
    }

    private static void literal(char c, Reading r) {
        if (r.at == r.text.length() || r.text.charAt(r.at) != c) {
            throw r.wrong();
        }
        r.at++;
    }

    String format(ZonedDateTime time) {
        StringBuilder out = new StringBuilder();
        for (Part part : parts) {
            if (part.isDirective) {
                write(part.of, time, out);
            } else {
                out.append(part.of);
            }
        }
        return out.toString();
    }

    private static void write(char directive, ZonedDateTime t, StringBuilder out) {
        int twelve = (t.getHour() + 11) % 12 + 1;
        switch (directive) {
            case 'Y' -> padded(t.getYear(), 4, '0', out);
            case 'y' -> padded(t.getYear() % 100, 2, '0', out);
            case 'm' -> padded(t.getMonthValue(), 2, '0', out);
            case 'o' -> padded(t.getMonthValue(), 2, ' ', out);
            case 'q' -> out.append(t.getMonthValue());
            case 'b', 'h' -> out.append(months(TextStyle.SHORT).get(t.getMonthValue() - 1));
            case 'B' -> out.append(months(TextStyle.FULL).get(t.getMonthValue() - 1));
            case 'd' -> padded(t.getDayOfMonth(), 2, '0', out);
            case 'e' -> padded(t.getDayOfMonth(), 2, ' ', out);
            case 'g' -> out.append(t.getDayOfMonth());
            case 'a' -> out.append(days(TextStyle.SHORT).get(t.getDayOfWeek().getValue() - 1));
            case 'A' -> out.append(days(TextStyle.FULL).get(t.getDayOfWeek().getValue() - 1));
            case 'H' -> padded(t.getHour(), 2, '0', out);
            case 'I' -> padded(twelve, 2, '0', out);
            case 'l' -> out.append(twelve);
            case 'p' -> out.append(t.getHour() < 12 ? "AM" : "PM");
            case 'P' -> out.append(t.getHour() < 12 ? "am" : "pm");
            case 'M' -> padded(t.getMinute(), 2, '0', out);
            case 'S' -> padded(t.getSecond(), 2, '0', out);
            case 'L' -> fraction(t.getNano() / 1_000_000, 3, out);
            case 'f' -> fraction(t.getNano() / 1_000, 6, out);
            case 's' -> fraction(t.getNano(), 9, out);
            case 'z' -> offset(t, "+HHMM", "Z", out);
            case 'w' -> offset(t, "+HHMMss", "+000000", out);
            case 'i' -> offset(t, "+HH", "+00", out);
            case 'j' -> offset(t, "+HH:MM", "+00:00", out);
            case 'k' -> offset(t, "+HH:MM:ss", "+00:00:00", out);
            case 'Z' ->
                out.append(
                        t.getOffset().getTotalSeconds() == 0
                                ? "UTC"
                                : t.getZone().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            default -> out.append('%');
        }
    }

    private static void offset(ZonedDateTime time, String pattern, String none, StringBuilder out) {
        new DateTimeFormatterBuilder()
                .appendOffset(pattern, none)
                .toFormatter(Locale.ROOT)
                .formatTo(time, out);
    }

    /** Behind a point or comma without the zeros at its end, as the collector does; if nothing is left, without the point too. */
    private static void fraction(int value, int digits, StringBuilder out) {
        int from = out.length();
        padded(value, digits, '0', out);
        if (from > 0 && (out.charAt(from - 1) == '.' || out.charAt(from - 1) == ',')) {
            int end = out.length();
            while (end > from && out.charAt(end - 1) == '0') {
                end--;
            }
            out.setLength(end == from ? from - 1 : end);
        }
    }

    private static void padded(int number, int width, char with, StringBuilder out) {
        String digits = Integer.toString(number);
        out.repeat(with, Math.max(0, width - digits.length())).append(digits);
    }
}
