package weir.ottl.function;

import weir.ottl.Doubles;
import weir.ottl.OttlException;
import weir.ottl.Texts;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** What kind a value is, and values of one kind as another. */
final class TypeConverters {
    private TypeConverters() {}

    static <T> void addTo(Family<T> family) {
        family.question("IsBool", "target", v -> v.is(Kind.BOOL));
        family.question("IsDouble", "target", v -> v.is(Kind.DOUBLE));
        family.question("IsInt", "target", v -> v.is(Kind.INT));
        family.question("IsString", "target", v -> v.is(Kind.STRING));
        family.question("IsMap", "target", v -> v.is(Kind.MAP));
        family.question("IsList", "target", v -> v.is(Kind.LIST));
        family.change("Int", "target", TypeConverters::integer);
        family.change("Double", "target", Doubles::of);
        family.change("Bool", "target", TypeConverters::bool);
        family.change("String", "target", Texts::toText);
        family.change("Log", "target", TypeConverters::logarithm);
    }

    private static void integer(Value value, Value into) {
        switch (value.kind()) {
            case NIL -> into.setNil();
            case INT -> into.set(value);
            case DOUBLE -> into.set((long) value.number());
            case BOOL -> into.set(value.bool() ? 1L : 0L);
            case DURATION -> into.set(value.integer());
            case STRING -> {
                try {
                    into.set(Long.parseLong(value.text()));
                } catch (NumberFormatException e) {
                    into.setNil();
                }
            }
            default -> throw new OttlException("a " + value.kind().label() + " is no number");
        }
    }

    /** The natural one. */
    private static void logarithm(Value value, Value into) {
        Value number = new Value();
        Doubles.of(value, number);
        if (!number.is(Kind.DOUBLE) || !(number.number() > 0)) {
            throw new OttlException("a logarithm needs a number above 0");
        }
        into.set(Math.log(number.number()));
    }

    private static void bool(Value value, Value into) {
        switch (value.kind()) {
            case NIL -> into.setNil();
            case BOOL -> into.set(value);
            case INT -> into.set(value.integer() != 0);
            case DOUBLE -> into.set(value.number() != 0);
            case STRING -> {
                switch (value.text()) {
                    case "1", "t", "T", "true", "TRUE", "True" -> into.set(true);
                    case "0", "f", "F", "false", "FALSE", "False" -> into.set(false);
                    default -> throw new OttlException("the text is neither true nor false");
                }
            }
            default -> throw new OttlException("a " + value.kind().label() + " is neither true nor false");
        }
    }
}
