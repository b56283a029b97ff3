package weir.ottl;

import java.util.Arrays;
import weir.otlp.AttributeCursor;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.ValueView;
import weir.ottl.Value.Kind;
import weir.ottl.syntax.Expression.Relation;

/**
 * Compares values as the language does: numbers of both kinds with each other, everything else only with its like. Values that
 * cannot be compared are not equal, and neither is less. Maps and lists are equal or not, whatever the order of a map.
 */
public final class Compare {
    private static final int FEW_BYTES = 1 << 12;

    private Compare() {}

    /** Whether a relation holds. */
    public static boolean holds(Relation relation, Value a, Value b) {
        Kind left = a.kind();
        Kind right = b.kind();
        if (left == Kind.NIL || right == Kind.NIL) {
            boolean equal = isNothing(a) && isNothing(b);
            return equal ? ofOrder(relation, 0) : relation == Relation.NOT_EQUAL;
        }
        if (left != right) {
            boolean numbers = (left == Kind.INT && right == Kind.DOUBLE) || (left == Kind.DOUBLE && right == Kind.INT);
            return numbers ? ofNumbers(relation, number(a), number(b)) : relation == Relation.NOT_EQUAL;
        }
        return switch (left) {
            case STRING, BYTES ->
                relation == Relation.EQUAL
                        ? sameBytes(a, b)
                        : ofOrder(
                                relation,
                                Arrays.compareUnsigned(a.bytes(), a.from(), a.end(), b.bytes(), b.from(), b.end()));
            case DOUBLE -> ofNumbers(relation, a.number(), b.number());
            case LIST, MAP ->
                switch (relation) {
                    case EQUAL -> deeplyEqual(a, b);
                    case NOT_EQUAL -> !deeplyEqual(a, b);
                    default -> false;
                };
            case NIL, BOOL, INT, TIME, DURATION -> ofOrder(relation, Long.compare(a.integer(), b.integer()));
        };
    }

    /** Whether it is NIL, or equal to NIL as no bytes at all are. */
    static boolean isNothing(Value value) {
        return value.isNil() || (value.is(Kind.BYTES) && value.length() == 0);
    }

    private static double number(Value value) {
        return value.is(Kind.INT) ? (double) value.integer() : value.number();
    }

    private static boolean ofOrder(Relation relation, int order) {
        return switch (relation) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private static boolean ofNumbers(Relation relation, double a, double b) {
        return switch (relation) {
            case EQUAL -> a == b;
            case NOT_EQUAL -> a != b;
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case GREATER -> a > b;
            case GREATER_OR_EQUAL -> a >= b;
        };
    }

    private static boolean sameBytes(Value a, Value b) {
        return Arrays.equals(a.bytes(), a.from(), a.end(), b.bytes(), b.from(), b.end());
    }

    private static boolean deeplyEqual(Value a, Value b) {
        return sameBytes(a, b)
                || (a.is(Kind.LIST)
                        ? lists(a.bytes(), a.from(), a.end(), b.bytes(), b.from(), b.end())
                        : maps(a.bytes(), a.from(), a.end(), b.bytes(), b.from(), b.end()));
    }

    private static boolean values(ValueView a, ValueView b) {
        if (a.type() != b.type()) {
            return false;
        }
        return switch (a.type()) {
            case EMPTY -> true;
            case BOOL -> a.booleanValue() == b.booleanValue();
            case INT -> a.longValue() == b.longValue();
            case DOUBLE -> a.doubleValue() == b.doubleValue();
            case STRING, BYTES -> Arrays.equals(a.bytes(), a.from(), a.end(), b.bytes(), b.from(), b.end());
            case ARRAY -> lists(a.bytes(), a.from(), a.end(), b.bytes(), b.from(), b.end());
            case KEY_VALUES -> maps(a.bytes(), a.from(), a.end(), b.bytes(), b.from(), b.end());
        };
    }

    private static boolean lists(byte[] a, int aFrom, int aEnd, byte[] b, int bFrom, int bEnd) {
        FieldCursor left = new FieldCursor().reset(a, aFrom, aEnd);
        FieldCursor right = new FieldCursor().reset(b, bFrom, bEnd);
        ValueView one = new ValueView();
        ValueView other = new ValueView();
        while (left.next()) {
            if (!right.next()
                    || !values(one.reset(a, left.from(), left.end()), other.reset(b, right.from(), right.end()))) {
                return false;
            }
        }
        return !right.next();
    }

    private static boolean maps(byte[] a, int aFrom, int aEnd, byte[] b, int bFrom, int bEnd) {
        if (aEnd - aFrom > FEW_BYTES) {
            return large(a, aFrom, aEnd, new EncodedMap().load(new Value().set(Kind.MAP, b, bFrom, bEnd)));
        }
        AttributeCursor left = new AttributeCursor().reset(a, aFrom, aEnd, Fields.VALUES);
        AttributeCursor right = new AttributeCursor();
        int entries = 0;
        while (left.next()) {
            entries++;
            right.reset(b, bFrom, bEnd, Fields.VALUES);
            if (!find(right, left) || !values(left.value(), right.value())) {
                return false;
            }
        }
        right.reset(b, bFrom, bEnd, Fields.VALUES);
        while (right.next()) {
            entries--;
        }
        return entries == 0;
    }

    /** The same, without a search through the whole of one map for each entry of the other. */
    private static boolean large(byte[] a, int aFrom, int aEnd, EncodedMap right) {
        AttributeCursor left = new AttributeCursor().reset(a, aFrom, aEnd, Fields.VALUES);
        Value one = new Value();
        Value other = new Value();
        int entries = 0;
        while (left.next()) {
            entries++;
            int n = right.find(left.bytes(), left.keyFrom(), left.keyEnd());
            if (n < 0) {
                return false;
            }
            one.set(left.value());
            right.value(n, other);
            if (one.kind() != other.kind() || !holds(Relation.EQUAL, one, other)) {
                return false;
            }
        }
        return entries == right.size();
    }

    private static boolean find(AttributeCursor in, AttributeCursor wanted) {
        while (in.next()) {
            if (Arrays.equals(
                    in.bytes(), in.keyFrom(), in.keyEnd(), wanted.bytes(), wanted.keyFrom(), wanted.keyEnd())) {
                return true;
            }
        }
        return false;
    }

    /** Whether an element of a list equals a value, numbers compared with each other. */
    public static boolean contains(Value list, Value wanted) {
        FieldCursor elements = new FieldCursor().reset(list.bytes(), list.from(), list.end());
        ValueView view = new ValueView();
        Value element = new Value();
        while (elements.next()) {
            element.set(view.reset(list.bytes(), elements.from(), elements.end()));
            if (holds(Relation.EQUAL, element, wanted)) {
                return true;
            }
        }
        return false;
    }
}
