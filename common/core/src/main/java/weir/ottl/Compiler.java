package weir.ottl;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import weir.config.Names;
import weir.match.Prefilter;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.ottl.function.Function;
import weir.ottl.function.Functions;
import weir.ottl.syntax.Expression;
import weir.ottl.syntax.Region;
import weir.ottl.syntax.SyntaxException;

/** Makes getters of expressions that are values, and edits of calls of editors, for one context. */
final class Compiler<T> {
    private final Context<T> context;
    private final Environment environment;
    private final Map<String, Function<T>> functions = new HashMap<>();
    private final IdentityHashMap<Expression, String> notes = new IdentityHashMap<>();

    Compiler(Context<T> context, Environment environment) {
        this.context = context;
        this.environment = environment;
        Functions.<T>ofAllContexts().forEach(f -> functions.put(f.name(), f));
        context.functions().forEach(f -> functions.put(f.name(), f));
    }

    Environment environment() {
        return environment;
    }

    Context<T> context() {
        return context;
    }

    /** Says how an expression is done faster than its general case, for whoever explains it. */
    void note(Expression expression, String how) {
        notes.put(expression, how);
    }

    IdentityHashMap<Expression, String> notes() {
        return notes;
    }

    /** A function that there is by this name. */
    @Nullable
    Function<T> known(String name) {
        return functions.get(name);
    }

    Test<T> condition(Expression expression) throws SyntaxException {
        return new ConditionCompiler<>(this).compile(expression);
    }

    Function.Edit<T> editor(Expression.Call call) throws SyntaxException {
        Function<T> function = function(call, false);
        if (!(function instanceof Function.Editor<T> editor)) {
            throw new SyntaxException(call.nameAt(), "`" + call.name() + "` is no editor", "");
        }
        CallArguments<T> arguments = CallArguments.of(call, editor.parameters(), this);
        return arguments.made(() -> editor.factory().create(arguments));
    }

    Getter<T> value(Expression expression) throws SyntaxException {
        return switch (expression) {
            case Expression.Nil _ -> new Literal<>(new Value());
            case Expression.Bool bool -> new Literal<>(new Value().set(bool.value()));
            case Expression.Int number -> new Literal<>(new Value().set(number.value()));
            case Expression.Real number -> new Literal<>(new Value().set(number.value()));
            case Expression.Text text -> new Literal<>(text(text.value()));
            case Expression.Bytes bytes -> {
                byte[] b = HexFormat.of().parseHex(bytes.hex());
                yield new Literal<>(new Value().set(Value.Kind.BYTES, b, 0, b.length));
            }
            case Expression.Name name -> new Literal<>(new Value().set(enumValue(name)));
            case Expression.Path path -> place(path);
            case Expression.Call call -> call(call);
            case Expression.Items list -> list(values(list.items()));
            case Expression.Entries map -> map(map);
            case Expression.Computation math -> math(math);
            case Expression.Negative negative -> {
                Getter<T> of = value(negative.of());
                yield folded(
                        (item, into) -> {
                            of.get(item, into);
                            Arithmetic.negate(into);
                        },
                        negative,
                        of);
            }
            case Expression.Comparison _, Expression.Not _, Expression.And _, Expression.Or _ ->
                throw new SyntaxException(
                        expression.at(), "a condition where a value is needed", "conditions stand behind where");
        };
    }

    static Value text(String text) {
        byte[] b = text.getBytes(StandardCharsets.UTF_8);
        return new Value().set(Value.Kind.STRING, b, 0, b.length);
    }

    private long enumValue(Expression.Name name) throws SyntaxException {
        Long value = context.enums().get(name.name());
        if (value != null) {
            return value;
        }
        if (functions.containsKey(name.name())) {
            throw new SyntaxException(
                    name.at(), "`" + name.name() + "` is a converter", "call it: " + name.name() + "(...)");
        }
        throw new SyntaxException(
                name.at(),
                "the context " + context.name() + " has no enum `" + name.name() + "`",
                Names.hint(name.name(), context.enums().keySet()));
    }

    Access<T> place(Expression.Path path) throws SyntaxException {
        List<Expression.Field> fields = path.fields();
        String first = fields.getFirst().name();
        boolean prefixed = fields.size() > 1
                && fields.getFirst().keys().isEmpty()
                && context.pathContexts().contains(first);
        List<Path.Part<T>> parts = new ArrayList<>();
        for (Expression.Field field : prefixed ? fields.subList(1, fields.size()) : fields) {
            parts.add(new Path.Part<>(field.name(), keys(field.keys())));
        }
        try {
            return context.resolve(new Path<>(prefixed ? first : context.name(), parts));
        } catch (PathException e) {
            throw new SyntaxException(path.at(), e.message(), e.hint());
        }
    }

    private List<PathKey<T>> keys(List<Expression> keys) throws SyntaxException {
        List<PathKey<T>> compiled = new ArrayList<>();
        for (Expression key : keys) {
            Getter<T> getter = value(key);
            if (!(getter instanceof Literal<T> literal)) {
                compiled.add(new PathKey.Computed<>(getter));
            } else if (literal.value().is(Value.Kind.STRING)) {
                compiled.add(new PathKey.Text<>(
                        literal.value().text(), literal.value().copyOfBytes()));
            } else if (literal.value().is(Value.Kind.INT)) {
                compiled.add(new PathKey.Index<>(literal.value().integer()));
            } else {
                throw new SyntaxException(
                        key.at(), "an index is a text or a whole number", "such as [\"name\"] or [0]");
            }
        }
        return compiled;
    }

    private Getter<T> call(Expression.Call call) throws SyntaxException {
        Function<T> function = function(call, true);
        if (!(function instanceof Function.Converter<T> converter)) {
            throw new SyntaxException(call.nameAt(), "`" + call.name() + "` gives no value", "");
        }
        Getter<T> getter = applied(call, converter);
        if (call.keys().isEmpty()) {
            return getter;
        }
        Indexing<T> indexing = new Indexing<>(keys(call.keys()));
        Value result = new Value();
        return (item, into) -> {
            getter.get(item, result);
            indexing.get(item, result, into);
        };
    }

    private Getter<T> applied(Expression.Call call, Function.Converter<T> converter) throws SyntaxException {
        CallArguments<T> arguments = CallArguments.of(call, converter.parameters(), this);
        Getter<T> getter = arguments.made(() -> converter.factory().create(arguments));
        Value pattern = arguments.constant("pattern");
        if (pattern != null && pattern.is(Value.Kind.STRING)) {
            Prefilter filter = Prefilter.of(pattern.text());
            note(
                    call,
                    filter.isExact()
                            ? "compares bytes with literals; the regular expression is never asked"
                            : filter.isSelective()
                                    ? "compiled once; looks for literals first, answers are remembered"
                                    : "compiled once; answers are remembered");
        }
        return getter;
    }

    /** The function of this name; what exists elsewhere, or nearly, is named in the error. */
    Function<T> function(String name, Region at, boolean converter) throws SyntaxException {
        Function<T> function = functions.get(name);
        if (function != null) {
            return function;
        }
        String why = Functions.ONLY_IN_COLLECTOR.get(name);
        if (why != null) {
            throw new SyntaxException(at, "the collector's " + name + " does not exist in Weir", why);
        }
        TreeSet<String> names = new TreeSet<>();
        functions.forEach((n, f) -> {
            if (f instanceof Function.Converter<T> == converter) {
                names.add(n);
            }
        });
        String other = Functions.OF_SOME_CONTEXTS.get(name);
        throw new SyntaxException(
                at,
                "there is no " + (converter ? "converter" : "editor") + " `" + name + "`"
                        + (other == null ? "" : " in the context " + context.name()),
                other == null ? Names.hint(name, names) : "it is one of " + other);
    }

    private Function<T> function(Expression.Call call, boolean converter) throws SyntaxException {
        return function(call.name(), call.nameAt(), converter);
    }

    private Getter<T> math(Expression.Computation math) throws SyntaxException {
        Getter<T> left = value(math.left());
        Getter<T> right = value(math.right());
        Value b = new Value();
        return folded(
                (item, into) -> {
                    left.get(item, into);
                    right.get(item, b);
                    Arithmetic.compute(math.operator(), into, b, into);
                },
                math,
                left,
                right);
    }

    /** Computes at once what depends on nothing. */
    @SafeVarargs
    private Getter<T> folded(Getter<T> getter, Expression at, Getter<T>... of) throws SyntaxException {
        for (Getter<T> part : of) {
            if (!(part instanceof Literal<T>)) {
                return getter;
            }
        }
        Value value = new Value();
        try {
            fold(getter, value);
        } catch (OttlException e) {
            throw new SyntaxException(at.at(), String.valueOf(e.getMessage()), "");
        }
        return new Literal<>(value);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // Made of literals, so that it looks at no item.
    private static <T> void fold(Getter<T> getter, Value into) {
        getter.get(null, into);
    }

    List<Getter<T>> values(List<Expression> expressions) throws SyntaxException {
        List<Getter<T>> getters = new ArrayList<>();
        for (Expression expression : expressions) {
            getters.add(value(expression));
        }
        return getters;
    }

    /** A list of what these give. */
    Getter<T> list(List<Getter<T>> items) {
        Value element = new Value();
        return whole(items, (item, into) -> {
            Output out = into.begin();
            for (Getter<T> getter : items) {
                getter.get(item, element);
                int mark = out.begin(Fields.VALUES);
                element.writeTo(out);
                out.end(mark);
            }
            into.finish(Value.Kind.LIST);
        });
    }

    private Getter<T> map(Expression.Entries map) throws SyntaxException {
        List<Getter<T>> values = new ArrayList<>();
        List<byte[]> keys = new ArrayList<>();
        for (Expression.Entry entry : map.entries()) {
            byte[] key = entry.key().getBytes(StandardCharsets.UTF_8);
            if (keys.stream().anyMatch(k -> java.util.Arrays.equals(k, key))) {
                throw new SyntaxException(entry.value().at(), "the key \"" + entry.key() + "\" is there twice", "");
            }
            keys.add(key);
            values.add(value(entry.value()));
        }
        Value element = new Value();
        return whole(values, (item, into) -> {
            Output out = into.begin();
            for (int i = 0; i < values.size(); i++) {
                values.get(i).get(item, element);
                int mark = out.begin(Fields.VALUES);
                out.field(1, keys.get(i));
                int inner = out.begin(2);
                element.writeTo(out);
                out.end(inner);
                out.end(mark);
            }
            into.finish(Value.Kind.MAP);
        });
    }

    private Getter<T> whole(List<Getter<T>> parts, Getter<T> getter) {
        if (!parts.stream().allMatch(p -> p instanceof Literal<T>)) {
            return getter;
        }
        Value value = new Value();
        fold(getter, value);
        return new Literal<>(value);
    }
}
