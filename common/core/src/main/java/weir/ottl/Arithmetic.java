package weir.ottl;

import weir.ottl.Value.Kind;
import weir.ottl.syntax.Expression.Operator;

/**
 * Computes with numbers, and with times and durations. What is computed of a whole number and a float is a float; integers wrap
 * around at 64 bits.
 */
final class Arithmetic {
    private Arithmetic() {}

    /** @param into may be one of both */
    static void compute(Operator operator, Value a, Value b, Value into) {
        Kind left = a.kind();
        Kind right = b.kind();
        if (left == Kind.INT && right == Kind.INT) {
            into.set(integers(operator, a.integer(), b.integer()));
        } else if (isNumber(left) && isNumber(right)) {
            into.set(numbers(operator, number(a), number(b)));
        } else if (left == Kind.TIME && right == Kind.DURATION && isSum(operator)) {
            into.setTime(integers(operator, a.integer(), b.integer()), a.zone());
        } else if (left == Kind.DURATION && right == Kind.TIME && operator == Operator.ADD) {
            into.setTime(a.integer() + b.integer(), b.zone());
        } else if (left == Kind.TIME && right == Kind.TIME && operator == Operator.SUBTRACT) {
            into.setDuration(a.integer() - b.integer());
        } else if (left == Kind.DURATION && right == Kind.DURATION && isSum(operator)) {
            into.setDuration(integers(operator, a.integer(), b.integer()));
        } else {
            throw new OttlException("cannot compute " + left.label() + " " + operator.sign() + " " + right.label());
        }
    }

    static void negate(Value value) {
        switch (value.kind()) {
            case INT -> value.set(-value.integer());
            case DOUBLE -> value.set(-value.number());
            default -> throw new OttlException("cannot negate a " + value.kind().label());
        }
    }

    private static boolean isNumber(Kind kind) {
        return kind == Kind.INT || kind == Kind.DOUBLE;
    }

    private static double number(Value value) {
        return value.is(Kind.INT) ? (double) value.integer() : value.number();
    }

    private static boolean isSum(Operator operator) {
        return operator == Operator.ADD || operator == Operator.SUBTRACT;
    }

    private static long integers(Operator operator, long a, long b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> {
                if (b == 0) {
                    throw new OttlException("division by zero");
                }
                yield a / b;
            }
        };
    }

    private static double numbers(Operator operator, double a, double b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> {
                if (b == 0) {
                    throw new OttlException("division by zero");
                }
                yield a / b;
            }
        };
    }
}
