package weir.ottl.function;

import java.util.HexFormat;
import java.util.UUID;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Ids of traces, spans and profiles, and new ones. */
final class IdConverters {
    private static final long VERSION_BITS = 0xf000L;
    private static final long VARIANT = 1L << 63;

    private IdConverters() {}

    static <T> void addTo(Family<T> family) {
        id(family, "TraceID", 16);
        id(family, "ProfileID", 16);
        id(family, "SpanID", 8);
        family.converter("UUID", arguments -> {
            var random = arguments.environment().random();
            return (_, into) -> into.set(uuid(random.getAsLong(), 4, random.getAsLong()));
        });
        family.converter("UUIDv7", arguments -> {
            var random = arguments.environment().random();
            var clock = arguments.environment().clock();
            return (_, into) ->
                    into.set(uuid(clock.millis() << 16 | (random.getAsLong() & 0xfff), 7, random.getAsLong()));
        });
    }

    private static String uuid(long high, int version, long low) {
        return new UUID((high & ~VERSION_BITS) | ((long) version << 12), (low & ~(3L << 62)) | VARIANT).toString();
    }

    private static <T> void id(Family<T> family, String name, int length) {
        family.change(name, "target", (value, into) -> {
            if (value.is(Kind.STRING)) {
                into.begin().put(parsed(name, value, length));
                into.finish(Kind.BYTES);
                return;
            }
            Family.of(Kind.BYTES, value);
            if (value.length() != length) {
                throw new OttlException(name + " needs " + length + " bytes, not " + value.length());
            }
            into.set(value);
        });
    }

    private static byte[] parsed(String name, Value value, int length) {
        try {
            if (value.length() == 2 * length) {
                return HexFormat.of().parseHex(value.text());
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new OttlException(name + " needs " + 2 * length + " hexadecimal digits");
    }
}
