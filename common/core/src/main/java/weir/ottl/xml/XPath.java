package weir.ottl.xml;

import java.util.List;
import weir.ottl.OttlException;

/** An XPath expression that selects nodes. Immutable. */
public final class XPath {
    private final XPathExpression expression;

    private XPath(XPathExpression expression) {
        this.expression = expression;
    }

    /** @throws OttlException if it is none, or selects no nodes */
    public static XPath compile(String text) {
        XPathExpression expression = XPathParser.parse(text);
        if (!XPathParser.areNodes(expression)) {
            throw new OttlException("an XPath that computes a value; it must select nodes");
        }
        return new XPath(expression);
    }

    /**
     * The nodes that it selects, in the order of the document.
     *
     * @param document not changed since it was read
     * @throws OttlException if that takes too long
     */
    public List<XmlNode> select(XmlNode document) {
        return new XPathEvaluation(document).nodes(expression);
    }
}
