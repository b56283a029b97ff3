package weir.ottl.xml;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.xml.XPathExpression.Axis;
import weir.ottl.xml.XPathExpression.Operator;
import weir.ottl.xml.XPathExpression.Step;

/** One look at one document. Values are Boolean, Double, String or lists of nodes in the order of the document. */
final class XPathEvaluation {
    /** What a step or predicate is about: a node, and which one of how many. */
    private record Focus(XmlNode node, int position, int size) {}

    private final List<XmlNode> all = new ArrayList<>();
    private long steps;

    XPathEvaluation(XmlNode document) {
        number(document);
    }

    private void number(XmlNode node) {
        node.order = all.size();
        all.add(node);
        node.attributesRead().forEach(this::number);
        node.childrenRead().forEach(this::number);
        node.last = all.size() - 1;
    }

    private void step(long count) {
        steps += count;
        if (steps > Limits.MAX_XPATH_STEPS) {
            throw new OttlException("an XPath that would look at too many nodes of this document");
        }
    }

    List<XmlNode> nodes(XPathExpression expression) {
        return nodes(expression, new Focus(all.getFirst(), 1, 1));
    }

    private List<XmlNode> nodes(XPathExpression expression, Focus focus) {
        return switch (expression) {
            case XPathExpression.Path path -> path(path, focus);
            case XPathExpression.Filter filter -> filtered(nodes(filter.of(), focus), filter.predicate());
            case XPathExpression.Binary union -> {
                BitSet both = new BitSet();
                nodes(union.left(), focus).forEach(n -> both.set(n.order));
                nodes(union.right(), focus).forEach(n -> both.set(n.order));
                yield ofOrders(both);
            }
            default -> throw new IllegalStateException(expression + " gives no nodes");
        };
    }

    private List<XmlNode> ofOrders(BitSet orders) {
        step(orders.length() / Long.SIZE);
        return orders.stream().mapToObj(all::get).toList();
    }

    private List<XmlNode> path(XPathExpression.Path path, Focus focus) {
        XPathExpression start = path.start();
        List<XmlNode> nodes =
                path.absolute() ? List.of(all.getFirst()) : start == null ? List.of(focus.node()) : nodes(start, focus);
        for (Step step : path.steps()) {
            if (nodes.size() == 1) {
                nodes = inOrder(step.axis(), along(step, nodes.getFirst()));
            } else {
                BitSet found = new BitSet();
                for (XmlNode node : nodes) {
                    along(step, node).forEach(n -> found.set(n.order));
                }
                nodes = ofOrders(found);
            }
        }
        return nodes;
    }

    private static List<XmlNode> inOrder(Axis axis, List<XmlNode> nodes) {
        return switch (axis) {
            case ANCESTOR, ANCESTOR_OR_SELF, PRECEDING, PRECEDING_SIBLING -> nodes.reversed();
            default -> nodes;
        };
    }

    /** In the order of the axis. */
    private List<XmlNode> along(Step step, XmlNode from) {
        List<XmlNode> found = new ArrayList<>();
        switch (step.axis()) {
            case SELF -> add(step, from, found);
            case PARENT -> add(step, from.parent(), found);
            case ANCESTOR -> ancestors(step, from.parent(), found);
            case ANCESTOR_OR_SELF -> ancestors(step, from, found);
            case ATTRIBUTE -> from.attributesRead().forEach(a -> add(step, a, found));
            case CHILD -> from.childrenRead().forEach(c -> add(step, c, found));
            case DESCENDANT -> range(step, from.order + 1, from.last, found);
            case DESCENDANT_OR_SELF -> {
                add(step, from, found);
                range(step, from.order + 1, from.last, found);
            }
            case FOLLOWING -> range(step, from.last + 1, all.size() - 1, found);
            case PRECEDING -> {
                for (int i = from.order - 1; i > 0; i--) {
                    XmlNode node = all.get(i);
                    step(1);
                    if (node.last < from.order && !node.is(XmlNode.Type.ATTRIBUTE)) {
                        add(step, node, found);
                    }
                }
            }
            case FOLLOWING_SIBLING -> siblings(step, from, 1, found);
            case PRECEDING_SIBLING -> siblings(step, from, -1, found);
        }
        List<XmlNode> left = found;
        for (XPathExpression predicate : step.predicates()) {
            left = filtered(left, predicate);
        }
        return left;
    }

    private void add(Step step, @Nullable XmlNode node, List<XmlNode> found) {
        step(1);
        if (node != null && step.test().fits(node, step.axis()) && !isIndentation(node)) {
            found.add(node);
        }
    }

    /** The collector does not see blanks behind an element or another node. */
    private static boolean isIndentation(XmlNode node) {
        return node.is(XmlNode.Type.TEXT) && node.index > 0 && node.text().isBlank();
    }

    private void ancestors(Step step, @Nullable XmlNode from, List<XmlNode> found) {
        for (XmlNode node = from; node != null; node = node.parent()) {
            add(step, node, found);
        }
    }

    private void range(Step step, int from, int to, List<XmlNode> found) {
        for (int i = from; i <= to; i++) {
            XmlNode node = all.get(i);
            step(1);
            if (!node.is(XmlNode.Type.ATTRIBUTE)) {
                add(step, node, found);
            }
        }
    }

    private void siblings(Step step, XmlNode from, int direction, List<XmlNode> found) {
        XmlNode parent = from.parent();
        if (parent == null || from.is(XmlNode.Type.ATTRIBUTE)) {
            return;
        }
        List<XmlNode> siblings = parent.childrenRead();
        for (int i = from.index + direction; i >= 0 && i < siblings.size(); i += direction) {
            add(step, siblings.get(i), found);
        }
    }

    private List<XmlNode> filtered(List<XmlNode> nodes, XPathExpression predicate) {
        List<XmlNode> left = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Object value = value(predicate, new Focus(nodes.get(i), i + 1, nodes.size()));
            if (value instanceof Double number ? number == i + 1 : flag(value)) {
                left.add(nodes.get(i));
            }
        }
        return left;
    }

    private Object value(XPathExpression expression, Focus focus) {
        step(1);
        return switch (expression) {
            case XPathExpression.Text text -> text.value();
            case XPathExpression.Numeral number -> number.value();
            case XPathExpression.Negative negative -> -number(value(negative.of(), focus));
            case XPathExpression.Call call -> call(call, focus);
            case XPathExpression.Binary binary when binary.operator() != Operator.UNION -> binary(binary, focus);
            default -> nodes(expression, focus);
        };
    }

    private Object binary(XPathExpression.Binary binary, Focus focus) {
        Object left = value(binary.left(), focus);
        return switch (binary.operator()) {
            case OR -> flag(left) || flag(value(binary.right(), focus));
            case AND -> flag(left) && flag(value(binary.right(), focus));
            case PLUS -> number(left) + number(value(binary.right(), focus));
            case MINUS -> number(left) - number(value(binary.right(), focus));
            case TIMES -> number(left) * number(value(binary.right(), focus));
            case DIVIDED -> number(left) / number(value(binary.right(), focus));
            case MODULO -> number(left) % number(value(binary.right(), focus));
            default -> compare(binary.operator(), left, value(binary.right(), focus));
        };
    }

    /** Nodes are compared each: it is true if it is true of one. */
    private boolean compare(Operator operator, Object left, Object right) {
        if (left instanceof List<?> nodes && !(right instanceof Boolean)) {
            for (Object node : nodes) {
                if (compare(operator, text((XmlNode) node), right)) {
                    return true;
                }
            }
            return false;
        } else if (right instanceof List<?> nodes && !(left instanceof Boolean)) {
            for (Object node : nodes) {
                if (compare(operator, left, text((XmlNode) node))) {
                    return true;
                }
            }
            return false;
        }
        step(1);
        boolean equality = operator == Operator.EQUAL || operator == Operator.UNEQUAL;
        if (equality && (left instanceof Boolean || right instanceof Boolean)) {
            return (flag(left) == flag(right)) == (operator == Operator.EQUAL);
        } else if (equality && left instanceof String a && right instanceof String b) {
            return a.equals(b) == (operator == Operator.EQUAL);
        }
        double a = number(left);
        double b = number(right);
        return switch (operator) {
            case EQUAL -> a == b;
            case UNEQUAL -> a != b;
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case GREATER -> a > b;
            case GREATER_OR_EQUAL -> a >= b;
            default -> throw new IllegalStateException(operator + " compares nothing");
        };
    }

    /** All text of a node, which takes as many steps as there are nodes in it. */
    private String text(XmlNode node) {
        step(1 + node.last - node.order);
        String text = node.value();
        step(text.length() / Long.BYTES);
        return text;
    }

    private String text(Object value) {
        return switch (value) {
            case List<?> nodes -> nodes.isEmpty() ? "" : text((XmlNode) nodes.getFirst());
            case Double number ->
                number == Math.rint(number) && Math.abs(number) < 1e15
                        ? Long.toString(number.longValue())
                        : number.toString();
            default -> value.toString();
        };
    }

    private double number(Object value) {
        return switch (value) {
            case Double number -> number;
            case Boolean flag -> flag ? 1 : 0;
            default -> {
                String text = text(value).strip();
                yield text.matches("-?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)") ? Double.parseDouble(text) : Double.NaN;
            }
        };
    }

    private static boolean flag(Object value) {
        return switch (value) {
            case Boolean flag -> flag;
            case Double number -> number != 0 && !Double.isNaN(number);
            case String text -> !text.isEmpty();
            case List<?> nodes -> !nodes.isEmpty();
            default -> throw new IllegalStateException(value + " is no value");
        };
    }

    private Object call(XPathExpression.Call call, Focus focus) {
        List<XPathExpression> arguments = call.arguments();
        Object first = arguments.isEmpty() ? List.of(focus.node()) : value(arguments.getFirst(), focus);
        Object second = arguments.size() < 2 ? "" : value(arguments.get(1), focus);
        return switch (call.function()) {
            case TRUE -> true;
            case FALSE -> false;
            case LAST -> (double) focus.size();
            case POSITION -> (double) focus.position();
            case COUNT -> (double) ((List<?>) first).size();
            case SUM ->
                ((List<?>) first).stream().mapToDouble(n -> number(List.of(n))).sum();
            case BOOLEAN -> flag(first);
            case NOT -> !flag(first);
            case NUMBER -> number(first);
            case STRING -> text(first);
            case CEILING -> Math.ceil(number(first));
            case FLOOR -> Math.floor(number(first));
            case ROUND -> Math.floor(number(first) + 0.5);
            case LOCAL_NAME -> first((List<?>) first) instanceof XmlNode node ? node.name() : "";
            case NAME -> first((List<?>) first) instanceof XmlNode node ? node.qualifiedName() : "";
            case CONTAINS -> found(text(first), text(second)) >= 0;
            case STARTS_WITH -> text(first).startsWith(text(second));
            case ENDS_WITH -> text(first).endsWith(text(second));
            case LOWER_CASE -> text(first).toLowerCase(Locale.ROOT);
            case NORMALIZE_SPACE -> text(first).strip().replaceAll("\\s+", " ");
            case STRING_LENGTH -> (double) text(first).codePoints().count();
            case SUBSTRING_BEFORE -> before(text(first), text(second));
            case SUBSTRING_AFTER -> after(text(first), text(second));
            case STRING_JOIN -> joined((List<?>) first, text(second));
            case CONCAT -> {
                StringBuilder out = new StringBuilder(text(first)).append(text(second));
                arguments.stream().skip(2).forEach(a -> out.append(text(value(a, focus))));
                Limits.checkProduced(out.length());
                yield out.toString();
            }
            case SUBSTRING -> {
                double length =
                        arguments.size() < 3 ? Double.POSITIVE_INFINITY : number(value(arguments.get(2), focus));
                yield part(text(first), Math.rint(number(second)), length);
            }
            case TRANSLATE -> translated(text(first), text(second), text(value(arguments.get(2), focus)));
        };
    }

    private static @Nullable Object first(List<?> nodes) {
        return nodes.isEmpty() ? null : nodes.getFirst();
    }

    private String joined(List<?> nodes, String separator) {
        StringBuilder out = new StringBuilder();
        for (Object node : nodes) {
            out.append(out.isEmpty() ? "" : separator).append(text((XmlNode) node));
            Limits.checkProduced(out.length());
        }
        return out.toString();
    }

    /** Where a mark begins in a text; -1: nowhere. */
    private int found(String text, String mark) {
        step((long) text.length() * mark.length() / Long.SIZE);
        return text.indexOf(mark);
    }

    private String before(String text, String mark) {
        return text.substring(0, Math.max(0, found(text, mark)));
    }

    private String after(String text, String mark) {
        int found = found(text, mark);
        return found < 0 ? "" : text.substring(found + mark.length());
    }

    /** @param from of the first character, which is 1 */
    private static String part(String text, double from, double length) {
        int[] characters = text.codePoints().toArray();
        double end = from + Math.rint(length);
        int first = (int) Math.max(0, Math.min(characters.length, from - 1));
        int last = Double.isNaN(end) ? first : (int) Math.max(first, Math.min(characters.length, end - 1));
        return new String(characters, first, last - first);
    }

    private String translated(String text, String from, String to) {
        step((long) text.length() * from.length() / Long.BYTES);
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int found = from.indexOf(text.charAt(i));
            if (found < 0) {
                out.append(text.charAt(i));
            } else if (found < to.length()) {
                out.append(to.charAt(found));
            }
        }
        return out.toString();
    }
}
