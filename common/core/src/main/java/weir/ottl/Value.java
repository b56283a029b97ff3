package weir.ottl;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weir.otlp.Output;
import weir.otlp.ValueView;

/**
 * A register for one value of the language: filled again and again, without allocating. Texts, bytes, lists and maps are ranges
 * of some array: of the request, of a literal, or of the register's own buffer when they were computed. A range read from an
 * item is valid until that item is written or left; one in an own buffer until the register is filled again. Belongs to one
 * thread.
 */
public final class Value {
    /** What a register holds. */
    public enum Kind {
        NIL("nil"),
        BOOL("bool"),
        INT("int"),
        DOUBLE("float"),
        STRING("string"),
        BYTES("bytes"),
        LIST("list"),
        MAP("map"),
        TIME("time"),
        DURATION("duration");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** What users call it. */
        public String label() {
            return label;
        }
    }

    private static final byte[] NONE = {};

    private Kind kind = Kind.NIL;
    private long bits;
    private byte[] bytes = NONE;
    private int from;
    private int end;
    private ZoneId zone = ZoneOffset.UTC;
    private @Nullable Output own;

    public Kind kind() {
        return kind;
    }

    public boolean is(Kind other) {
        return kind == other;
    }

    public boolean isNil() {
        return kind == Kind.NIL;
    }

    /** Of a BOOL; else false. */
    public boolean bool() {
        return kind == Kind.BOOL && bits != 0;
    }

    /** Of an INT; nanoseconds of a TIME (since 1970, UTC) or DURATION; else meaningless. */
    public long integer() {
        return bits;
    }

    /** Of a DOUBLE; else meaningless. */
    public double number() {
        return Double.longBitsToDouble(bits);
    }

    /** Where a STRING (UTF-8), BYTES, LIST (the fields of an ArrayValue) or MAP (those of a KeyValueList) lies. */
    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    /** Exclusive. */
    public int end() {
        return end;
    }

    public int length() {
        return end - from;
    }

    /** Where the clocks are that a TIME is shown by. */
    public ZoneId zone() {
        return zone;
    }

    public Value setNil() {
        kind = Kind.NIL;
        return this;
    }

    public Value set(boolean flag) {
        kind = Kind.BOOL;
        bits = flag ? 1 : 0;
        return this;
    }

    public Value set(long integer) {
        kind = Kind.INT;
        bits = integer;
        return this;
    }

    public Value set(double number) {
        kind = Kind.DOUBLE;
        bits = Double.doubleToRawLongBits(number);
        return this;
    }

    /** @param unixNanos since 1970 in UTC */
    public Value setTime(long unixNanos, ZoneId shownBy) {
        kind = Kind.TIME;
        bits = unixNanos;
        zone = shownBy;
        return this;
    }

    public Value setDuration(long nanos) {
        kind = Kind.DURATION;
        bits = nanos;
        return this;
    }

    /** Has it point at a STRING, BYTES, LIST or MAP that lies somewhere. */
    public Value set(Kind newKind, byte[] b, int newFrom, int newEnd) {
        kind = newKind;
        bytes = b;
        from = newFrom;
        end = newEnd;
        return this;
    }

    /** Has it point at what another one holds, without a copy. */
    public Value set(Value other) {
        kind = other.kind;
        bits = other.bits;
        bytes = other.bytes;
        from = other.from;
        end = other.end;
        zone = other.zone;
        return this;
    }

    /** A text, encoded into the own buffer. */
    public Value set(String text) {
        begin().put(text.getBytes(StandardCharsets.UTF_8));
        return finish(Kind.STRING);
    }

    /**
     * The own buffer, empty, to write a STRING, BYTES, LIST or MAP to; {@link #finish} ends that. What the register held before
     * must not be needed any more if it was computed.
     */
    public Output begin() {
        if (own == null) {
            own = new Output(64);
        }
        return own.clear(Limits.MAX_KEPT_BYTES);
    }

    /** Makes what was written since {@link #begin} the value. */
    public Value finish(Kind newKind) {
        Output written = own;
        if (written == null) {
            throw new IllegalStateException("nothing was begun");
        }
        Limits.checkProduced(written.size());
        return set(newKind, written.bytes(), 0, written.size());
    }

    /** Whether this is a STRING of these bytes. */
    public boolean isText(byte[] utf8) {
        return kind == Kind.STRING && Arrays.equals(bytes, from, end, utf8, 0, utf8.length);
    }

    /** A new String of a STRING's bytes. */
    public String text() {
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    /** A copy of a range's bytes. */
    public byte[] copyOfBytes() {
        return Arrays.copyOfRange(bytes, from, end);
    }

    /** Fills it with an AnyValue, which it then points at; an empty AnyValue is NIL. */
    public Value set(ValueView any) {
        return switch (any.type()) {
            case EMPTY -> setNil();
            case BOOL -> set(any.booleanValue());
            case INT -> set(any.longValue());
            case DOUBLE -> set(any.doubleValue());
            case STRING -> set(Kind.STRING, any.bytes(), any.from(), any.end());
            case BYTES -> set(Kind.BYTES, any.bytes(), any.from(), any.end());
            case ARRAY -> set(Kind.LIST, any.bytes(), any.from(), any.end());
            case KEY_VALUES -> set(Kind.MAP, any.bytes(), any.from(), any.end());
        };
    }

    /**
     * Appends the fields of an AnyValue that holds this; nothing for NIL.
     *
     * @throws OttlException for a TIME or DURATION, which no AnyValue can hold, and what nests too deep
     */
    public void writeTo(Output out) {
        switch (kind) {
            case NIL -> {}
            case STRING -> out.field(1, bytes, from, end);
            case BOOL -> out.varint(2, bits);
            case INT -> out.varint(3, bits);
            case DOUBLE -> out.fixed64(4, bits);
            case LIST, MAP -> {
                Nesting.check(this);
                out.field(kind == Kind.LIST ? 5 : 6, bytes, from, end);
            }
            case BYTES -> out.field(7, bytes, from, end);
            case TIME, DURATION ->
                throw new OttlException("a " + kind.label + " cannot be stored as it is;"
                        + " make it a text or a number with String, FormatTime, UnixNano or Nanoseconds");
        }
    }

    @Override
    public String toString() {
        return switch (kind) {
            case NIL -> "nil";
            case BOOL -> Boolean.toString(bool());
            case DOUBLE -> Double.toString(number());
            case INT, TIME, DURATION -> kind.label + " " + bits;
            case STRING -> '"' + text() + '"';
            case BYTES, LIST, MAP -> kind.label + " of " + length() + " bytes";
        };
    }
}
