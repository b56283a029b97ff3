package weir.ottl.xml;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an XPath expression is made of. Immutable. */
sealed interface XPathExpression {
    /** Steps from the document, from what another expression gives, or from the node that is looked at. */
    record Path(boolean absolute, @Nullable XPathExpression start, List<Step> steps) implements XPathExpression {}

    /** What an expression gives, but only what meets a predicate. */
    record Filter(XPathExpression of, XPathExpression predicate) implements XPathExpression {}

    /** Two expressions with an operator between them. */
    record Binary(Operator operator, XPathExpression left, XPathExpression right) implements XPathExpression {}

    record Negative(XPathExpression of) implements XPathExpression {}

    record Call(XPathFunction function, List<XPathExpression> arguments) implements XPathExpression {}

    record Text(String value) implements XPathExpression {}

    record Numeral(double value) implements XPathExpression {}

    /** Some of the nodes of an axis. */
    record Step(Axis axis, NodeTest test, List<XPathExpression> predicates) {}

    /** Operators, from those that bind least to those that bind most. */
    enum Operator {
        OR("or", 0),
        AND("and", 1),
        EQUAL("=", 2),
        UNEQUAL("!=", 2),
        LESS("<", 3),
        LESS_OR_EQUAL("<=", 3),
        GREATER(">", 3),
        GREATER_OR_EQUAL(">=", 3),
        PLUS("+", 4),
        MINUS("-", 4),
        TIMES("*", 5),
        DIVIDED("div", 5),
        MODULO("mod", 5),
        UNION("|", 7);

        final String sign;
        final int rank;

        Operator(String sign, int rank) {
            this.sign = sign;
            this.rank = rank;
        }
    }

    /** Where nodes are looked for. */
    enum Axis {
        ANCESTOR,
        ANCESTOR_OR_SELF,
        ATTRIBUTE,
        CHILD,
        DESCENDANT,
        DESCENDANT_OR_SELF,
        FOLLOWING,
        FOLLOWING_SIBLING,
        PARENT,
        PRECEDING,
        PRECEDING_SIBLING,
        SELF
    }

    /** Which nodes of an axis are meant. */
    sealed interface NodeTest {
        boolean fits(XmlNode node, Axis axis);

        /** @param name null: any */
        record Named(String prefix, @Nullable String name) implements NodeTest {
            @Override
            public boolean fits(XmlNode node, Axis axis) {
                return node.is(axis == Axis.ATTRIBUTE ? XmlNode.Type.ATTRIBUTE : XmlNode.Type.ELEMENT)
                        && (name == null
                                ? prefix.isEmpty() || prefix.equals(node.prefix())
                                : prefix.equals(node.prefix()) && name.equals(node.name()));
            }
        }

        /** By what nodes are: text(), comment(), processing-instruction(), node(). */
        enum Typed implements NodeTest {
            TEXT,
            COMMENT,
            INSTRUCTION,
            ANY;

            @Override
            public boolean fits(XmlNode node, Axis axis) {
                return switch (this) {
                    case TEXT -> node.is(XmlNode.Type.TEXT) || node.is(XmlNode.Type.CDATA);
                    case COMMENT -> node.is(XmlNode.Type.COMMENT);
                    case INSTRUCTION -> node.is(XmlNode.Type.INSTRUCTION);
                    case ANY -> true;
                };
            }
        }
    }
}
