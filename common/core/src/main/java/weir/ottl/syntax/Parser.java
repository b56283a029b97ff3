package weir.ottl.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.ottl.Limits;
import weir.ottl.syntax.Expression.Relation;
import weir.ottl.syntax.Token.Kind;

/** Reads statements, conditions and values: by descent, each level of precedence a method, the loosest first. */
public final class Parser {
    /** Signs of one statement that compute, so that no tree of them grows too deep. */
    private static final int MAX_OPERATORS = 256;

    private static final Set<String> RESERVED = Set.of("and", "or", "not", "nil", "true", "false", "where");

    private final List<Token> tokens;
    private int next;
    private int depth;
    private int operators;

    private Parser(String text) throws SyntaxException {
        tokens = Lexer.tokens(text);
    }

    /** Reads {@code editor(...) where condition}. */
    public static Statement statement(String text) throws SyntaxException {
        Parser parser = new Parser(text);
        Token name = parser.peek();
        if (name.kind() == Kind.END) {
            throw new SyntaxException(name.at(), "an empty statement", "it begins with an editor such as set(...)");
        }
        if (name.kind() == Kind.UPPER) {
            throw new SyntaxException(
                    name.at(),
                    "a statement begins with an editor, and " + name.described() + " is none",
                    "editors begin with a lower case letter; converters stand among their arguments or behind where");
        }
        if (name.kind() != Kind.LOWER || !parser.peek(1).isSign("(")) {
            throw new SyntaxException(
                    name.at(), "a statement begins with an editor and its arguments", "such as set(name, \"x\")");
        }
        parser.next++;
        Expression.Call editor = parser.call(name);
        if (!editor.keys().isEmpty()) {
            throw parser.unexpected(parser.peek(), "an editor gives no value to be indexed");
        }
        Expression where = null;
        if (parser.peek().isWord("where")) {
            parser.next++;
            where = parser.or();
        }
        parser.end(where == null ? "write `where` before a condition" : "");
        return new Statement(editor, where);
    }

    /** Reads a condition. */
    public static Expression condition(String text) throws SyntaxException {
        return whole(text, "a condition such as attributes[\"x\"] == \"y\" is needed");
    }

    /** Reads a value. */
    public static Expression value(String text) throws SyntaxException {
        return whole(text, "a value is needed");
    }

    private static Expression whole(String text, String ifEmpty) throws SyntaxException {
        Parser parser = new Parser(text);
        if (parser.peek().kind() == Kind.END) {
            throw new SyntaxException(parser.peek().at(), "there is nothing", ifEmpty);
        }
        Expression read = parser.or();
        parser.end("");
        return read;
    }

    private void end(String hint) throws SyntaxException {
        Token token = peek();
        if (token.isWord("where")) {
            throw new SyntaxException(token.at(), "`where` belongs to statements, and only once", "use and");
        }
        if (token.kind() != Kind.END) {
            throw new SyntaxException(token.at(), token.described() + " is not expected here", hint);
        }
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token peek(int ahead) {
        return tokens.get(Math.min(next + ahead, tokens.size() - 1));
    }

    private boolean accept(String sign) {
        if (peek().isSign(sign)) {
            next++;
            return true;
        }
        return false;
    }

    private Token expect(String sign, String message) throws SyntaxException {
        Token token = peek();
        if (!token.isSign(sign)) {
            throw unexpected(token, message);
        }
        next++;
        return token;
    }

    private SyntaxException unexpected(Token token, String hint) {
        return new SyntaxException(token.at(), token.described() + " is not expected here", hint);
    }

    private void deeper(Region at) throws SyntaxException {
        if (++depth > Limits.MAX_DEPTH_LEVELS) {
            throw new SyntaxException(
                    at,
                    "nested more than " + Limits.MAX_DEPTH_LEVELS + " levels deep",
                    "make several statements of it");
        }
    }

    private Expression or() throws SyntaxException {
        deeper(peek().at());
        List<Expression> parts = new ArrayList<>(List.of(and()));
        while (peek().isWord("or")) {
            next++;
            parts.add(and());
        }
        depth--;
        return parts.size() == 1 ? parts.getFirst() : new Expression.Or(parts, spanned(parts));
    }

    private Expression and() throws SyntaxException {
        List<Expression> parts = new ArrayList<>(List.of(not()));
        while (peek().isWord("and")) {
            next++;
            parts.add(not());
        }
        return parts.size() == 1 ? parts.getFirst() : new Expression.And(parts, spanned(parts));
    }

    private static Region spanned(List<Expression> parts) {
        return parts.getFirst().at().to(parts.getLast().at());
    }

    private Expression not() throws SyntaxException {
        Token token = peek();
        if (!token.isWord("not")) {
            return comparison();
        }
        next++;
        Expression of = comparison();
        return new Expression.Not(of, token.at().to(of.at()));
    }

    private Expression comparison() throws SyntaxException {
        Expression left = sum();
        Relation relation = relation(peek());
        if (relation == null) {
            if (peek().isSign("=")) {
                throw unexpected(peek(), "to compare, write ==");
            }
            return left;
        }
        next++;
        Expression right = sum();
        if (relation(peek()) != null) {
            throw unexpected(peek(), "join two comparisons with and");
        }
        return new Expression.Comparison(relation, left, right, left.at().to(right.at()));
    }

    private static @Nullable Relation relation(Token token) {
        for (Relation relation : Relation.values()) {
            if (token.isSign(relation.sign())) {
                return relation;
            }
        }
        return null;
    }

    private Expression sum() throws SyntaxException {
        Expression left = product();
        while (peek().isSign("+") || peek().isSign("-")) {
            Expression.Operator operator = peek().isSign("+") ? Expression.Operator.ADD : Expression.Operator.SUBTRACT;
            operator();
            Expression right = product();
            left = new Expression.Computation(operator, left, right, left.at().to(right.at()));
        }
        return left;
    }

    private Expression product() throws SyntaxException {
        Expression left = signed();
        while (peek().isSign("*") || peek().isSign("/")) {
            Expression.Operator operator =
                    peek().isSign("*") ? Expression.Operator.MULTIPLY : Expression.Operator.DIVIDE;
            operator();
            Expression right = signed();
            left = new Expression.Computation(operator, left, right, left.at().to(right.at()));
        }
        return left;
    }

    private void operator() throws SyntaxException {
        if (++operators > MAX_OPERATORS) {
            throw new SyntaxException(
                    peek().at(), "more than " + MAX_OPERATORS + " operators in one statement", "make several of it");
        }
        next++;
    }

    private Expression signed() throws SyntaxException {
        Token first = peek();
        boolean negative = false;
        while (peek().isSign("+") || peek().isSign("-")) {
            negative ^= peek().isSign("-");
            next++;
        }
        if (negative && peek().kind() == Kind.INT) {
            Token digits = tokens.get(next++);
            return new Expression.Int(
                    integer("-" + digits.text(), digits), first.at().to(digits.at()));
        }
        Expression of = primary();
        return negative ? new Expression.Negative(of, first.at().to(of.at())) : of;
    }

    private Expression primary() throws SyntaxException {
        Token token = peek();
        next++;
        return switch (token.kind()) {
            case TEXT -> new Expression.Text(token.text(), token.at());
            case INT -> new Expression.Int(integer(token.text(), token), token.at());
            case FLOAT -> new Expression.Real(Double.parseDouble(token.text()), token.at());
            case BYTES -> new Expression.Bytes(token.text().substring(2), token.at());
            case UPPER -> peek().isSign("(") ? call(token) : new Expression.Name(token.text(), token.at());
            case LOWER -> word(token);
            case SIGN -> bracketed(token);
            case END -> {
                next--;
                throw new SyntaxException(token.at(), "the statement ends where a value is needed", "");
            }
        };
    }

    private static long integer(String digits, Token token) throws SyntaxException {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new SyntaxException(token.at(), "a whole number beyond 64 bits", "");
        }
    }

    private Expression word(Token token) throws SyntaxException {
        switch (token.text()) {
            case "nil":
                return new Expression.Nil(token.at());
            case "true":
            case "false":
                return new Expression.Bool(token.isWord("true"), token.at());
            default:
        }
        if (RESERVED.contains(token.text())) {
            throw unexpected(token, "a value is needed");
        }
        if (peek().isSign("(")) {
            throw new SyntaxException(
                    token.at(),
                    "`" + token.text() + "` is called where a value is needed",
                    "converters begin with an upper case letter; an editor gives no value");
        }
        List<Expression.Field> fields = new ArrayList<>();
        fields.add(field(token));
        while (accept(".")) {
            Token name = peek();
            if (name.kind() != Kind.LOWER) {
                throw unexpected(name, "a path goes on with a name in lower case");
            }
            next++;
            fields.add(field(name));
        }
        return new Expression.Path(fields, token.at().to(fields.getLast().at()));
    }

    private Expression.Field field(Token name) throws SyntaxException {
        for (int i = 0; i < name.text().length(); i++) {
            if (Character.isUpperCase(name.text().charAt(i))) {
                throw new SyntaxException(
                        name.at(), "`" + name.text() + "` is no name of a path", "paths are written in lower case");
            }
        }
        List<Expression> keys = keys();
        return new Expression.Field(
                name.text(), keys, name.at().to(tokens.get(next - 1).at()));
    }

    private List<Expression> keys() throws SyntaxException {
        List<Expression> keys = new ArrayList<>();
        while (accept("[")) {
            keys.add(or());
            expect("]", "close the index with ]");
            if (keys.size() > Limits.MAX_DEPTH_LEVELS) {
                throw new SyntaxException(
                        tokens.get(next - 1).at(), "more than " + Limits.MAX_DEPTH_LEVELS + " indexes", "");
            }
        }
        return keys;
    }

    private Expression bracketed(Token token) throws SyntaxException {
        return switch (token.text()) {
            case "(" -> {
                if (isLambda()) {
                    throw new SyntaxException(
                            token.at(), "functions written in place, `(x) => ...`, do not exist here", "");
                }
                Expression inside = or();
                expect(")", "close the parenthesis with )");
                yield inside;
            }
            case "[" -> items(token);
            case "{" -> entries(token);
            default -> {
                next--;
                throw unexpected(token, "a value is needed");
            }
        };
    }

    private boolean isLambda() {
        int ahead = 0;
        while (peek(ahead).kind() == Kind.LOWER || peek(ahead).isSign(",")) {
            ahead++;
        }
        return peek(ahead).isSign(")") && peek(ahead + 1).isSign("=>");
    }

    private Expression items(Token open) throws SyntaxException {
        List<Expression> items = new ArrayList<>();
        if (!peek().isSign("]")) {
            do {
                items.add(or());
            } while (accept(","));
        }
        Token close = expect("]", "separate elements with commas, and close the list with ]");
        return new Expression.Items(items, open.at().to(close.at()));
    }

    private Expression entries(Token open) throws SyntaxException {
        List<Expression.Entry> entries = new ArrayList<>();
        if (!peek().isSign("}")) {
            do {
                entries.add(entry());
            } while (accept(","));
        }
        Token close = expect("}", "separate entries with commas, and close the map with }");
        return new Expression.Entries(entries, open.at().to(close.at()));
    }

    private Expression.Entry entry() throws SyntaxException {
        Token key = peek();
        if (key.kind() != Kind.TEXT) {
            throw unexpected(key, "a key in double quotes is needed");
        }
        next++;
        expect(":", "a key and its value are separated by a colon");
        return new Expression.Entry(key.text(), or());
    }

    private Expression.Call call(Token name) throws SyntaxException {
        expect("(", "");
        List<Expression.Argument> arguments = new ArrayList<>();
        if (!peek().isSign(")")) {
            do {
                arguments.add(argument());
            } while (accept(","));
        }
        expect(")", "separate arguments with commas, and close the call with )");
        List<Expression> keys = keys();
        return new Expression.Call(
                name.text(), arguments, keys, name.at().to(tokens.get(next - 1).at()));
    }

    private Expression.Argument argument() throws SyntaxException {
        Token first = peek();
        String name = null;
        if (first.kind() == Kind.LOWER && peek(1).isSign("=")) {
            name = first.text();
            next += 2;
        }
        Expression value = or();
        return new Expression.Argument(name, value, first.at().to(value.at()));
    }
}
