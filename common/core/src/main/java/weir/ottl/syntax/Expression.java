package weir.ottl.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a statement, as it was written. Immutable. */
public sealed interface Expression {
    Region at();

    record Nil(Region at) implements Expression {}

    record Bool(boolean value, Region at) implements Expression {}

    record Int(long value, Region at) implements Expression {}

    record Real(double value, Region at) implements Expression {}

    record Text(String value, Region at) implements Expression {}

    /** @param hex two digits a byte */
    record Bytes(String hex, Region at) implements Expression {}

    /** A word that begins with a capital and is not called: an enum's value, or a converter as an argument. */
    record Name(String name, Region at) implements Expression {}

    /** @param fields at least one */
    record Path(List<Field> fields, Region at) implements Expression {
        public Path {
            fields = List.copyOf(fields);
        }
    }

    /** One name of a path, with its indexes. */
    record Field(String name, List<Expression> keys, Region at) {
        public Field {
            keys = List.copyOf(keys);
        }
    }

    /** @param keys indexes behind it */
    record Call(String name, List<Argument> arguments, List<Expression> keys, Region at) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
            keys = List.copyOf(keys);
        }

        /** Where its name stands. */
        public Region nameAt() {
            return new Region(at.from(), at.from() + name.length());
        }
    }

    /** @param name null if it is given by its place */
    record Argument(@Nullable String name, Expression value, Region at) {}

    record Items(List<Expression> items, Region at) implements Expression {
        public Items {
            items = List.copyOf(items);
        }
    }

    record Entries(List<Entry> entries, Region at) implements Expression {
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    record Entry(String key, Expression value) {}

    /** What computes with numbers, times and durations. */
    enum Operator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }
    }

    record Computation(Operator operator, Expression left, Expression right, Region at) implements Expression {}

    record Negative(Expression of, Region at) implements Expression {}

    /** What compares. */
    enum Relation {
        EQUAL("=="),
        NOT_EQUAL("!="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">=");

        private final String sign;

        Relation(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }
    }

    record Comparison(Relation relation, Expression left, Expression right, Region at) implements Expression {}

    record Not(Expression of, Region at) implements Expression {}

    /** @param parts at least two */
    record And(List<Expression> parts, Region at) implements Expression {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** @param parts at least two */
    record Or(List<Expression> parts, Region at) implements Expression {
        public Or {
            parts = List.copyOf(parts);
        }
    }
}
