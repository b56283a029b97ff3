package weir.ottl;

import java.util.ArrayList;
import java.util.List;
import weir.ottl.syntax.Expression;
import weir.ottl.syntax.Expression.Relation;
import weir.ottl.syntax.Printer;
import weir.ottl.syntax.Region;
import weir.ottl.syntax.SyntaxException;

/** Makes tests of expressions that are conditions. */
final class ConditionCompiler<T> {
    private final Compiler<T> values;

    ConditionCompiler(Compiler<T> values) {
        this.values = values;
    }

    Test<T> compile(Expression expression) throws SyntaxException {
        return switch (expression) {
            case Expression.Or or -> or(all(or.parts()));
            case Expression.And and -> and(all(and.parts()));
            case Expression.Not not -> {
                Test<T> of = compile(not.of());
                yield item -> !of.test(item);
            }
            case Expression.Comparison comparison -> comparison(comparison);
            case Expression.Bool bool -> {
                boolean value = bool.value();
                yield _ -> value;
            }
            case Expression.Call call -> converter(call);
            default -> throw noCondition(expression);
        };
    }

    private static SyntaxException noCondition(Expression expression) {
        Region at = expression.at();
        return new SyntaxException(
                at,
                "a value where a condition is needed",
                expression instanceof Expression.Path
                        ? "compare it: " + Printer.print(expression) + " == true"
                        : "compare it, or call a converter that gives true or false");
    }

    private List<Test<T>> all(List<Expression> parts) throws SyntaxException {
        List<Test<T>> tests = new ArrayList<>();
        for (Expression part : parts) {
            tests.add(compile(part));
        }
        return tests;
    }

    @SuppressWarnings("unchecked") // An array of tests of T, which it is filled with.
    private static <T> Test<T>[] array(List<Test<T>> tests) {
        return tests.toArray(Test[]::new);
    }

    private static <T> Test<T> or(List<Test<T>> parts) {
        Test<T>[] tests = array(parts);
        return item -> {
            for (Test<T> test : tests) {
                if (test.test(item)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static <T> Test<T> and(List<Test<T>> parts) {
        Test<T>[] tests = array(parts);
        return item -> {
            for (Test<T> test : tests) {
                if (!test.test(item)) {
                    return false;
                }
            }
            return true;
        };
    }

    private Test<T> converter(Expression.Call call) throws SyntaxException {
        Getter<T> getter = values.value(call);
        if (getter instanceof Question<T>(var question)) {
            return question::test;
        }
        Value answer = new Value();
        String name = call.name();
        return item -> {
            getter.get(item, answer);
            if (!answer.is(Value.Kind.BOOL)) {
                throw new OttlException(
                        name + " gave " + answer.kind().label() + " where true or false is needed; compare it");
            }
            return answer.bool();
        };
    }

    private Test<T> comparison(Expression.Comparison comparison) throws SyntaxException {
        Getter<T> left = values.value(comparison.left());
        Getter<T> right = values.value(comparison.right());
        Relation relation = comparison.relation();
        boolean equality = relation == Relation.EQUAL || relation == Relation.NOT_EQUAL;
        if (equality && right instanceof Literal<T> literal) {
            return equal(left, literal.value(), relation == Relation.EQUAL, comparison);
        }
        if (equality && left instanceof Literal<T> literal) {
            return equal(right, literal.value(), relation == Relation.EQUAL, comparison);
        }
        Value a = new Value();
        Value b = new Value();
        return item -> {
            left.get(item, a);
            right.get(item, b);
            return Compare.holds(relation, a, b);
        };
    }

    /** A value compared with one that stands in the statement. */
    private Test<T> equal(Getter<T> getter, Value literal, boolean wanted, Expression.Comparison at) {
        Value value = new Value();
        return switch (literal.kind()) {
            case STRING -> {
                byte[] text = literal.copyOfBytes();
                values.note(at, "compares bytes with the literal");
                yield item -> {
                    getter.get(item, value);
                    return value.isText(text) == wanted;
                };
            }
            case NIL -> {
                values.note(at, "asks only whether it is there");
                yield item -> {
                    getter.get(item, value);
                    return Compare.isNothing(value) == wanted;
                };
            }
            default ->
                item -> {
                    getter.get(item, value);
                    return Compare.holds(Relation.EQUAL, value, literal) == wanted;
                };
        };
    }
}
