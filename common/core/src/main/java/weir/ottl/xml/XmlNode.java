package weir.ottl.xml;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.ottl.Limits;
import weir.ottl.OttlException;

/** A node of a document, or the document itself. Belongs to one thread. */
public final class XmlNode {
    /** What a node is. */
    public enum Type {
        DOCUMENT,
        ELEMENT,
        ATTRIBUTE,
        TEXT,
        /** Text in a CDATA section. */
        CDATA,
        COMMENT,
        /** {@code <?xml ...?>}, or another processing instruction. */
        INSTRUCTION,
        /** {@code <!...>}. */
        DIRECTIVE
    }

    private final Type type;
    private final String prefix;
    private final String name;
    private final String text;
    private final List<XmlNode> attributes = new ArrayList<>();
    private final List<XmlNode> children = new ArrayList<>();
    private @Nullable XmlNode parent;
    private boolean removed;
    /** In the document as it was read: which node it was, and which was the last one in it; -1: it was made since. */
    int order = -1;

    int last = -1;
    /** Among the children of its parent. */
    int index;

    private XmlNode(Type type, String prefix, String name, String text) {
        this.type = type;
        this.prefix = prefix;
        this.name = name;
        this.text = text;
    }

    static XmlNode document() {
        return new XmlNode(Type.DOCUMENT, "", "", "");
    }

    /** @param prefix of its namespace; empty: it has none */
    public static XmlNode element(String prefix, String name) {
        return new XmlNode(Type.ELEMENT, prefix, name, "");
    }

    static XmlNode attribute(String prefix, String name, String value) {
        return new XmlNode(Type.ATTRIBUTE, prefix, name, value);
    }

    /** A node of a type that has nothing but text. */
    public static XmlNode of(Type type, String text) {
        return new XmlNode(type, "", "", text);
    }

    public Type type() {
        return type;
    }

    public boolean is(Type other) {
        return type == other;
    }

    /** Of its name; empty: it has none. */
    public String prefix() {
        return prefix;
    }

    /** Of an element or attribute, without the prefix. */
    public String name() {
        return name;
    }

    /** As it was written, with its prefix. */
    String qualifiedName() {
        return prefix.isEmpty() ? name : prefix + ":" + name;
    }

    /** Of a text, comment or attribute; else empty. */
    public String text() {
        return text;
    }

    /** Null of a document, and of what is in none. */
    public @Nullable XmlNode parent() {
        return parent;
    }

    /** In their order, those that were removed among them. */
    List<XmlNode> attributesRead() {
        return attributes;
    }

    /** In their order, those that were removed among them. */
    List<XmlNode> childrenRead() {
        return children;
    }

    public List<XmlNode> attributes() {
        return attributes.stream().filter(a -> !a.removed).toList();
    }

    public List<XmlNode> children() {
        return children.stream().filter(c -> !c.removed).toList();
    }

    /** Makes a node the last child or attribute. */
    public void append(XmlNode node) {
        node.parent = this;
        node.index = children.size();
        (node.type == Type.ATTRIBUTE ? attributes : children).add(node);
    }

    /** Puts an element in the place of a child, which becomes its only child. */
    public void wrap(XmlNode child, XmlNode element) {
        children.set(child.index, element);
        element.parent = this;
        element.index = child.index;
        element.append(child);
    }

    /** Takes out the first children, as if they had never been there. */
    public void dropFirst(int count) {
        children.subList(0, count).clear();
        for (int i = 0; i < children.size(); i++) {
            children.get(i).index = i;
        }
    }

    /** Takes it out of its parent. */
    public void remove() {
        removed = true;
    }

    /** The node and all that is in it, as a tree of its own. */
    public XmlNode copy() {
        XmlNode copy = new XmlNode(type, prefix, name, text);
        attributes().forEach(a -> copy.append(a.copy()));
        children().forEach(c -> copy.append(c.copy()));
        return copy;
    }

    /** All text in it, but not that of comments. */
    public String value() {
        return switch (type) {
            case TEXT, CDATA, COMMENT, ATTRIBUTE -> text;
            default -> {
                StringBuilder out = new StringBuilder();
                collect(out);
                yield out.toString();
            }
        };
    }

    private void collect(StringBuilder out) {
        if (type == Type.TEXT || type == Type.CDATA) {
            out.append(text);
        }
        for (XmlNode child : children) {
            if (!child.removed) {
                child.collect(out);
            }
        }
    }

    /**
     * Appends it as text; of a document, its children.
     *
     * @throws OttlException if it is more than a function may make
     */
    public void write(StringBuilder out) {
        Limits.checkProduced(out.length());
        switch (type) {
            case DOCUMENT -> writeChildren(out);
            case TEXT, ATTRIBUTE -> escape(text, out);
            case CDATA -> out.append("<![CDATA[").append(text).append("]]>");
            case COMMENT -> out.append("<!--").append(text).append("-->");
            case INSTRUCTION -> out.append("<?").append(text).append("?>");
            case DIRECTIVE -> out.append("<!").append(text).append('>');
            case ELEMENT -> {
                out.append('<').append(qualifiedName());
                for (XmlNode attribute : attributes) {
                    if (!attribute.removed) {
                        out.append(' ').append(attribute.qualifiedName()).append("=\"");
                        escape(attribute.text, out);
                        out.append('"');
                    }
                }
                out.append('>');
                writeChildren(out);
                out.append("</").append(qualifiedName()).append('>');
            }
        }
    }

    private void writeChildren(StringBuilder out) {
        for (XmlNode child : children) {
            if (!child.removed) {
                child.write(out);
            }
        }
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '\'' -> out.append("&#39;");
                case '"' -> out.append("&#34;");
                default -> out.append(c);
            }
        }
    }

    /** As text. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        write(out);
        return out.toString();
    }
}
