package weir.ottl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.config.Names;
import weir.ottl.function.ArgumentException;
import weir.ottl.function.Arguments;
import weir.ottl.function.Function;
import weir.ottl.function.MapPlace;
import weir.ottl.function.Parameter;
import weir.ottl.syntax.Expression;
import weir.ottl.syntax.Region;
import weir.ottl.syntax.SyntaxException;

/** The arguments of a call, each checked against its parameter and compiled. */
final class CallArguments<T> implements Arguments<T> {
    /** What may go wrong while a function is made ready. */
    @FunctionalInterface
    interface Making<M> {
        M make() throws ArgumentException;
    }

    private final Expression.Call call;
    private final Compiler<T> compiler;
    private final Map<String, Expression> given = new LinkedHashMap<>();
    private final Map<String, Getter<T>> values = new LinkedHashMap<>();
    private final Map<String, List<Getter<T>>> lists = new LinkedHashMap<>();

    private CallArguments(Expression.Call call, Compiler<T> compiler) {
        this.call = call;
        this.compiler = compiler;
    }

    static <T> CallArguments<T> of(Expression.Call call, List<Parameter> parameters, Compiler<T> compiler)
            throws SyntaxException {
        CallArguments<T> arguments = new CallArguments<>(call, compiler);
        arguments.distribute(parameters);
        for (Parameter parameter : parameters) {
            Expression argument = arguments.given.get(parameter.name());
            if (argument != null) {
                arguments.compile(parameter, argument);
            } else if (!parameter.optional()) {
                throw new SyntaxException(
                        call.at(),
                        "`" + call.name() + "` needs `" + parameter.name() + "`, "
                                + parameter.kind().label(),
                        "it is written " + signature(call.name(), parameters));
            }
        }
        return arguments;
    }

    static String signature(String name, List<Parameter> parameters) {
        StringBuilder out = new StringBuilder(name).append('(');
        for (Parameter p : parameters) {
            out.append(out.charAt(out.length() - 1) == '(' ? "" : ", ")
                    .append(p.name())
                    .append(p.optional() ? "?" : "");
        }
        return out.append(')').toString();
    }

    private void distribute(List<Parameter> parameters) throws SyntaxException {
        List<String> names = parameters.stream().map(Parameter::name).toList();
        int place = 0;
        boolean named = false;
        for (Expression.Argument argument : call.arguments()) {
            String name = argument.name();
            if (name == null) {
                if (named) {
                    throw new SyntaxException(
                            argument.at(), "an argument by its place behind one by its name", "give it a name too");
                }
                if (place == names.size()) {
                    throw new SyntaxException(
                            argument.at(),
                            "one argument too many",
                            "it is written " + signature(call.name(), parameters));
                }
                name = names.get(place++);
            } else {
                named = true;
                if (!names.contains(name)) {
                    throw new SyntaxException(
                            argument.at(),
                            "`" + call.name() + "` has no argument `" + name + "`",
                            Names.hint(name, names));
                }
            }
            if (given.putIfAbsent(name, argument.value()) != null) {
                throw new SyntaxException(argument.at(), "the argument `" + name + "` is there twice", "");
            }
        }
    }

    private void compile(Parameter parameter, Expression argument) throws SyntaxException {
        switch (parameter.kind()) {
            case VALUE -> values.put(parameter.name(), compiler.value(argument));
            case VALUES -> {
                if (argument instanceof Expression.Items items) {
                    // Once, for both: where lists nest, twice each would be 2^depth.
                    List<Getter<T>> getters = compiler.values(items.items());
                    lists.put(parameter.name(), getters);
                    values.put(parameter.name(), compiler.list(getters));
                } else {
                    values.put(parameter.name(), compiler.value(argument));
                }
            }
            case PLACE, MAP -> {
                if (!(argument instanceof Expression.Path path)) {
                    throw wrong(parameter, argument);
                }
                Access<T> access = compiler.place(path);
                if (!access.readOnly().isEmpty()) {
                    throw new SyntaxException(argument.at(), "this cannot be written: " + access.readOnly(), "");
                }
                values.put(parameter.name(), access);
            }
            case TEXT -> require(argument instanceof Expression.Text, parameter, argument);
            case INTEGER -> {
                Getter<T> value = compiler.value(argument);
                require(value instanceof Literal<T> literal && literal.value().is(Value.Kind.INT), parameter, argument);
                values.put(parameter.name(), value);
            }
            case FLAG -> require(argument instanceof Expression.Bool, parameter, argument);
            case TEXTS ->
                require(
                        argument instanceof Expression.Items items
                                && items.items().stream().allMatch(i -> i instanceof Expression.Text),
                        parameter,
                        argument);
            case FUNCTION -> require(argument instanceof Expression.Name, parameter, argument);
        }
    }

    private void require(boolean ok, Parameter parameter, Expression argument) throws SyntaxException {
        if (!ok) {
            throw wrong(parameter, argument);
        }
    }

    private SyntaxException wrong(Parameter parameter, Expression argument) {
        return new SyntaxException(
                argument.at(),
                "`" + parameter.name() + "` of " + call.name() + " must be "
                        + parameter.kind().label(),
                "");
    }

    /** Makes a function's instance; what it finds wrong is an error where the argument stands. */
    <M> M made(Making<M> making) throws SyntaxException {
        try {
            return making.make();
        } catch (ArgumentException e) {
            Expression argument = given.get(e.parameter());
            Region at = argument == null ? call.at() : argument.at();
            throw new SyntaxException(at, e.message(), "");
        } catch (OttlException e) {
            throw new SyntaxException(call.at(), String.valueOf(e.getMessage()), "");
        }
    }

    @Override
    public boolean has(String parameter) {
        return given.containsKey(parameter);
    }

    @Override
    public Getter<T> value(String parameter) {
        Getter<T> value = values.get(parameter);
        return value == null ? new Literal<>(new Value()) : value;
    }

    @Override
    public @Nullable Value constant(String parameter) {
        return value(parameter) instanceof Literal<T> literal ? literal.value() : null;
    }

    @Override
    public Access<T> place(String parameter) {
        if (values.get(parameter) instanceof Access<T> access) {
            return access;
        }
        throw new IllegalStateException(parameter + " is no place");
    }

    @Override
    public MapPlace<T> map(String parameter) {
        return MapPlace.of(place(parameter));
    }

    @Override
    public String text(String parameter, String otherwise) {
        return given.get(parameter) instanceof Expression.Text text ? text.value() : otherwise;
    }

    @Override
    public long integer(String parameter, long otherwise) {
        Value value = has(parameter) ? constant(parameter) : null;
        return value == null ? otherwise : value.integer();
    }

    @Override
    public boolean flag(String parameter, boolean otherwise) {
        return given.get(parameter) instanceof Expression.Bool bool ? bool.value() : otherwise;
    }

    @Override
    public @Nullable List<Getter<T>> values(String parameter) {
        return lists.get(parameter);
    }

    @Override
    public List<String> texts(String parameter) {
        return given.get(parameter) instanceof Expression.Items items
                ? items.items().stream()
                        .map(i -> i instanceof Expression.Text text ? text.value() : "")
                        .toList()
                : List.of();
    }

    @Override
    public Getter<T> apply(String parameter, Getter<T> to) throws ArgumentException {
        if (!(given.get(parameter) instanceof Expression.Name name)) {
            throw new ArgumentException(parameter, "the name of a converter is needed");
        }
        try {
            Function<T> function = compiler.function(name.name(), name.at(), true);
            if (!(function instanceof Function.Converter<T> converter)) {
                throw new ArgumentException(parameter, name.name() + " is no converter");
            }
            List<Parameter> parameters = converter.parameters();
            boolean one = !parameters.isEmpty()
                    && parameters.getFirst().kind() == Parameter.Kind.VALUE
                    && parameters.stream().skip(1).allMatch(Parameter::optional);
            if (!one) {
                throw new ArgumentException(
                        parameter,
                        name.name() + " needs other arguments than one value: " + signature(name.name(), parameters));
            }
            CallArguments<T> arguments =
                    new CallArguments<>(new Expression.Call(name.name(), List.of(), List.of(), name.at()), compiler);
            arguments.values.put(parameters.getFirst().name(), to);
            return converter.factory().create(arguments);
        } catch (SyntaxException e) {
            throw new ArgumentException(parameter, e.message() + (e.hint().isEmpty() ? "" : "; " + e.hint()));
        }
    }

    @Override
    public Environment environment() {
        return compiler.environment();
    }
}
