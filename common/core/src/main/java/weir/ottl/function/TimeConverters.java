package weir.ottl.function;

import static weir.ottl.function.Family.optional;
import static weir.ottl.function.Family.value;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.function.ToLongFunction;
import weir.ottl.Getter;
import weir.ottl.OttlException;
import weir.ottl.Times;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Times, their parts and their texts. */
final class TimeConverters {
    private TimeConverters() {}

    static <T> void addTo(Family<T> family) {
        family.converter("Now", arguments -> {
            var clock = arguments.environment().clock();
            return (_, into) -> into.setTime(Times.nanos(clock.instant()), ZoneOffset.UTC);
        });
        part(family, "Year", ZonedDateTime::getYear);
        part(family, "Month", ZonedDateTime::getMonthValue);
        part(family, "Day", ZonedDateTime::getDayOfMonth);
        part(family, "Hour", ZonedDateTime::getHour);
        part(family, "Minute", ZonedDateTime::getMinute);
        part(family, "Second", ZonedDateTime::getSecond);
        part(family, "Nanosecond", ZonedDateTime::getNano);
        part(family, "Weekday", t -> t.getDayOfWeek().getValue() % 7);
        unix(family, "UnixNano", 1);
        unix(family, "UnixMicro", 1_000);
        unix(family, "UnixMilli", 1_000_000);
        unix(family, "UnixSeconds", 1_000_000_000);
        family.converter("Unix", TimeConverters::unix, value("seconds"), optional("nanoseconds"));
        family.converter("TruncateTime", TimeConverters::truncate, value("time"), value("duration"));
        family.converter(
                "Time",
                TimeConverters::parse,
                value("time"),
                Parameter.of("format", Parameter.Kind.TEXT),
                Parameter.optional("location", Parameter.Kind.TEXT),
                Parameter.optional("locale", Parameter.Kind.TEXT));
        family.converter(
                "FormatTime", TimeConverters::format, value("time"), Parameter.of("format", Parameter.Kind.TEXT));
    }

    private static <T> void part(Family<T> family, String name, ToLongFunction<ZonedDateTime> part) {
        family.change(name, "time", (v, into) -> {
            Family.of(Kind.TIME, v);
            into.set(part.applyAsLong(Times.at(v.integer(), v.zone())));
        });
    }

    private static <T> void unix(Family<T> family, String name, long unit) {
        family.change(
                name,
                "time",
                (v, into) -> into.set(Math.floorDiv(Family.of(Kind.TIME, v).integer(), unit)));
    }

    private static <T> Getter<T> unix(Arguments<T> arguments) {
        Getter<T> secondsOf = arguments.value("seconds");
        Getter<T> nanosOf = arguments.value("nanoseconds");
        Value value = new Value();
        return (item, into) -> {
            secondsOf.get(item, value);
            long seconds = Family.integer(value);
            nanosOf.get(item, value);
            long nanos = value.isNil() ? 0 : Family.integer(value);
            if (Math.abs(seconds) > Long.MAX_VALUE / 1_000_000_000 - 1) {
                throw new OttlException("a time before 1678 or after 2261");
            }
            into.setTime(seconds * 1_000_000_000 + nanos, ZoneOffset.UTC);
        };
    }

    private static <T> Getter<T> truncate(Arguments<T> arguments) {
        Getter<T> timeOf = arguments.value("time");
        Getter<T> durationOf = arguments.value("duration");
        Value time = new Value();
        Value duration = new Value();
        return (item, into) -> {
            timeOf.get(item, time);
            durationOf.get(item, duration);
            DurationConverters.truncate(
                    Family.of(Kind.TIME, time),
                    Family.of(Kind.DURATION, duration).integer(),
                    into);
        };
    }

    private static <T> Getter<T> parse(Arguments<T> arguments) throws ArgumentException {
        if (arguments.has("locale") && !arguments.text("locale", "").startsWith("en")) {
            throw new ArgumentException("locale", "only English is known here");
        }
        TimeLayout layout = TimeLayout.of(arguments.text("format", ""), "format");
        ZoneId zone = zone(arguments.text("location", "UTC"));
        Getter<T> getter = arguments.value("time");
        var clock = arguments.environment().clock();
        Value value = new Value();
        return (item, into) -> {
            getter.get(item, value);
            int year = clock.instant().atZone(zone).getYear();
            ZonedDateTime time = layout.parse(Family.text(value), zone, year);
            into.setTime(Times.nanos(time.toInstant()), time.getZone());
        };
    }

    private static ZoneId zone(String name) throws ArgumentException {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new ArgumentException("location", "`" + name + "` is no time zone such as Europe/Berlin");
        }
    }

    private static <T> Getter<T> format(Arguments<T> arguments) throws ArgumentException {
        TimeLayout layout = TimeLayout.of(arguments.text("format", ""), "format");
        Getter<T> getter = arguments.value("time");
        Value value = new Value();
        return (item, into) -> {
            getter.get(item, value);
            Family.of(Kind.TIME, value);
            into.set(layout.format(Times.at(value.integer(), value.zone())));
        };
    }
}
