package weir.ottl.xml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.config.Names;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.xml.XPathExpression.Axis;
import weir.ottl.xml.XPathExpression.NodeTest;
import weir.ottl.xml.XPathExpression.Operator;
import weir.ottl.xml.XPathExpression.Step;

/** Parses XPath 1.0, without variables. */
final class XPathParser {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(\"[^\"]*\"|'[^']*')|([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)|(//|::|\\.\\.|!=|<=|>=|[/|+\\-=<>()\\[\\]@,.*$])"
                    + "|([\\p{L}_][\\p{L}\\p{N}_.\\-]*(?::(?:[\\p{L}_][\\p{L}\\p{N}_.\\-]*|\\*))?))");

    private enum Kind {
        TEXT,
        NUMBER,
        SIGN,
        NAME,
        END
    }

    private record Token(Kind kind, String text) {
        boolean is(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }
    }

    /** Chains of operators nest as deep as they are long. */
    private static final int MAX_TOKENS = 512;

    private static final Token END = new Token(Kind.END, "");

    private final List<Token> tokens;
    private int at;
    private int depth;

    private XPathParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** @throws OttlException if it is none */
    static XPathExpression parse(String text) {
        XPathParser parser = new XPathParser(tokens(text));
        XPathExpression expression = parser.expression(0);
        if (parser.token().kind() != Kind.END) {
            throw parser.unexpected();
        }
        return expression;
    }

    private static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int from = 0;
        while (from < text.length() && !text.substring(from).isBlank()) {
            if (!matcher.find(from) || matcher.start() != from) {
                throw new OttlException("is no XPath: `" + text.substring(from).strip() + "` begins nothing");
            }
            from = matcher.end();
            if (tokens.size() == MAX_TOKENS) {
                throw new OttlException("an XPath of more than " + MAX_TOKENS + " words and signs");
            }
            if (matcher.group(1) != null) {
                tokens.add(new Token(
                        Kind.TEXT,
                        matcher.group(1).substring(1, matcher.group(1).length() - 1)));
            } else if (matcher.group(2) != null) {
                tokens.add(new Token(Kind.NUMBER, matcher.group(2)));
            } else if (matcher.group(3) != null) {
                tokens.add(new Token(Kind.SIGN, matcher.group(3)));
            } else {
                tokens.add(new Token(Kind.NAME, matcher.group(4)));
            }
        }
        return tokens;
    }

    private Token token() {
        return token(0);
    }

    private Token token(int ahead) {
        return at + ahead < tokens.size() ? tokens.get(at + ahead) : END;
    }

    private OttlException unexpected() {
        return new OttlException(
                token().kind() == Kind.END
                        ? "is no XPath: it ends too early"
                        : "is no XPath: `" + token().text() + "` cannot stand there");
    }

    private boolean skip(String sign) {
        boolean there = token().is(sign);
        at += there ? 1 : 0;
        return there;
    }

    private void require(String sign) {
        if (!skip(sign)) {
            throw new OttlException("is no XPath: `" + sign + "` is missing"
                    + (token().kind() == Kind.END ? " at its end" : " before `" + token().text() + "`"));
        }
    }

    /** Operands with operators of a rank and those that bind more. */
    private XPathExpression expression(int rank) {
        if (++depth > Limits.MAX_DEPTH_LEVELS) {
            throw new OttlException("an XPath that nests too deep");
        }
        XPathExpression left = skip("-") ? new XPathExpression.Negative(expression(6)) : path();
        Operator operator = operator();
        while (operator != null && operator.rank >= rank) {
            at++;
            XPathExpression right = expression(operator.rank + 1);
            if (operator == Operator.UNION && !(areNodes(left) && areNodes(right))) {
                throw new OttlException("is no XPath: `|` stands between what selects nodes");
            }
            left = new XPathExpression.Binary(operator, left, right);
            operator = operator();
        }
        depth--;
        return left;
    }

    private @Nullable Operator operator() {
        Token token = token();
        return Arrays.stream(Operator.values())
                .filter(o -> token.text().equals(o.sign))
                .filter(_ -> token.kind() == Kind.SIGN || token.kind() == Kind.NAME)
                .findFirst()
                .orElse(null);
    }

    /** Whether what it gives is nodes. */
    static boolean areNodes(XPathExpression expression) {
        return switch (expression) {
            case XPathExpression.Path _ -> true;
            case XPathExpression.Filter _ -> true;
            case XPathExpression.Binary binary -> binary.operator() == Operator.UNION;
            default -> false;
        };
    }

    private XPathExpression path() {
        boolean call = token().kind() == Kind.NAME && token(1).is("(") && nodeType(token().text()) == null;
        boolean primary = call
                || token().kind() == Kind.TEXT
                || token().kind() == Kind.NUMBER
                || token().is("(")
                || token().is("$");
        if (!primary) {
            boolean absolute = token().is("/") || token().is("//");
            List<Step> steps = new ArrayList<>();
            if (!skip("/") || beginsStep()) {
                steps(steps);
            }
            return new XPathExpression.Path(absolute, null, List.copyOf(steps));
        }
        XPathExpression start = primary();
        while (token().is("[")) {
            requireNodes(start);
            start = new XPathExpression.Filter(start, predicate());
        }
        if (!token().is("/") && !token().is("//")) {
            return start;
        }
        requireNodes(start);
        skip("/");
        List<Step> steps = new ArrayList<>();
        steps(steps);
        return new XPathExpression.Path(false, start, List.copyOf(steps));
    }

    private static void requireNodes(XPathExpression expression) {
        if (!areNodes(expression)) {
            throw new OttlException("is no XPath: what comes before `[` or `/` selects no nodes");
        }
    }

    private XPathExpression primary() {
        Token token = token();
        at++;
        return switch (token.kind()) {
            case TEXT -> new XPathExpression.Text(token.text());
            case NUMBER -> new XPathExpression.Numeral(Double.parseDouble(token.text()));
            case NAME -> call(token.text());
            default -> inParentheses(token);
        };
    }

    private XPathExpression inParentheses(Token opening) {
        if (opening.is("$")) {
            throw new OttlException("an XPath with variables, of which there are none here");
        }
        XPathExpression inside = expression(0);
        require(")");
        // Of nodes in parentheses, a predicate is about all of them.
        return inside instanceof XPathExpression.Path path ? new XPathExpression.Path(false, path, List.of()) : inside;
    }

    private XPathExpression call(String name) {
        XPathFunction function = XPathFunction.of(name);
        if (function == null) {
            String hint = Names.hint(name, XPathFunction.names());
            throw new OttlException("an XPath with the function `" + name + "`, which does not exist"
                    + (hint.isEmpty() ? "" : "; " + hint));
        }
        require("(");
        List<XPathExpression> arguments = new ArrayList<>();
        while (!skip(")")) {
            if (!arguments.isEmpty()) {
                require(",");
            }
            XPathExpression argument = expression(0);
            if (function.takesNodes(arguments.size()) && !areNodes(argument)) {
                throw new OttlException("is no XPath: `" + name + "` is of nodes");
            }
            arguments.add(argument);
        }
        if (arguments.size() < function.least || arguments.size() > function.most) {
            throw new OttlException("is no XPath: `" + name + "` has " + function.least
                    + (function.most > function.least ? " or more arguments" : " arguments"));
        }
        return new XPathExpression.Call(function, List.copyOf(arguments));
    }

    private boolean beginsStep() {
        Token token = token();
        return token.kind() == Kind.NAME || token.is("*") || token.is("@") || token.is(".") || token.is("..");
    }

    private void steps(List<Step> steps) {
        do {
            if (skip("//")) {
                steps.add(new Step(Axis.DESCENDANT_OR_SELF, NodeTest.Typed.ANY, List.of()));
            }
            steps.add(step());
        } while (token().is("//") || skip("/"));
    }

    private Step step() {
        if (skip(".")) {
            return new Step(Axis.SELF, NodeTest.Typed.ANY, predicates());
        } else if (skip("..")) {
            return new Step(Axis.PARENT, NodeTest.Typed.ANY, predicates());
        }
        Axis axis = skip("@") ? Axis.ATTRIBUTE : Axis.CHILD;
        if (token().kind() == Kind.NAME && token(1).is("::")) {
            axis = axis(token().text());
            at += 2;
        }
        NodeTest test = test();
        return new Step(axis, test, predicates());
    }

    private static Axis axis(String name) {
        return Arrays.stream(Axis.values())
                .filter(a -> a.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name))
                .findFirst()
                .orElseThrow(() -> new OttlException("is no XPath: there is no axis `" + name + "`"));
    }

    private static NodeTest.@Nullable Typed nodeType(String name) {
        return switch (name) {
            case "text" -> NodeTest.Typed.TEXT;
            case "comment" -> NodeTest.Typed.COMMENT;
            case "processing-instruction" -> NodeTest.Typed.INSTRUCTION;
            case "node" -> NodeTest.Typed.ANY;
            default -> null;
        };
    }

    private NodeTest test() {
        if (skip("*")) {
            return new NodeTest.Named("", null);
        }
        if (token().kind() != Kind.NAME) {
            throw unexpected();
        }
        String name = token().text();
        at++;
        if (token().is("(")) {
            NodeTest.Typed type = nodeType(name);
            if (type == null) {
                throw new OttlException("is no XPath: `" + name + "(` cannot stand there");
            }
            at++;
            require(")");
            return type;
        }
        int colon = name.indexOf(':');
        String local = name.substring(colon + 1);
        return new NodeTest.Named(name.substring(0, Math.max(0, colon)), local.equals("*") ? null : local);
    }

    private List<XPathExpression> predicates() {
        List<XPathExpression> predicates = new ArrayList<>();
        while (token().is("[")) {
            predicates.add(predicate());
        }
        return List.copyOf(predicates);
    }

    private XPathExpression predicate() {
        require("[");
        XPathExpression predicate = expression(0);
        require("]");
        return predicate;
    }
}
