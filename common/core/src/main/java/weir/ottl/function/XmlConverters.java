package weir.ottl.function;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.ottl.Limits;
import weir.ottl.Value.Kind;
import weir.ottl.xml.XmlNode;
import weir.ottl.xml.XmlReader;

/** XML as maps: ParseXML, which keeps all, and ParseSimplifiedXML, which keeps the texts of elements. */
final class XmlConverters {
    private static final int ANY_TEXT = 1;
    private static final int ANY_LIST = 5;
    private static final int ANY_MAP = 6;

    private XmlConverters() {}

    static <T> void addTo(Family<T> family) {
        family.change("ParseXML", "target", (value, into) -> {
            XmlNode element = XmlReader.readElement(Family.text(value));
            whole(element, into.begin());
            into.finish(Kind.MAP);
        });
        family.change("ParseSimplifiedXML", "target", (value, into) -> {
            XmlNode document = XmlEditConverters.fragment(Family.text(value));
            simplified(document, into.begin());
            into.finish(Kind.MAP);
        });
    }

    /** Appends the entries of an element: its tag, and what it has of content, attributes and children. */
    private static void whole(XmlNode element, Output out) {
        Limits.checkProduced(out.size());
        PatternConverters.entry("tag", element.name(), out);
        StringBuilder content = new StringBuilder();
        List<XmlNode> children = new ArrayList<>();
        for (XmlNode child : element.children()) {
            if (child.is(XmlNode.Type.ELEMENT)) {
                children.add(child);
            } else if (child.is(XmlNode.Type.TEXT) || child.is(XmlNode.Type.CDATA)) {
                content.append(child.text().strip());
            }
        }
        if (!content.isEmpty()) {
            PatternConverters.entry("content", content.toString(), out);
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        element.attributes().forEach(a -> attributes.put(a.name(), a.text()));
        if (!attributes.isEmpty()) {
            int mark = out.begin(Fields.VALUES);
            out.field(1, "attributes");
            int any = out.begin(2);
            int map = out.begin(ANY_MAP);
            attributes.forEach((name, text) -> PatternConverters.entry(name, text, out));
            out.end(map).end(any).end(mark);
        }
        if (!children.isEmpty()) {
            int mark = out.begin(Fields.VALUES);
            out.field(1, "children");
            int any = out.begin(2);
            int list = out.begin(ANY_LIST);
            for (XmlNode child : children) {
                int entry = out.begin(Fields.VALUES);
                int map = out.begin(ANY_MAP);
                whole(child, out);
                out.end(map).end(entry);
            }
            out.end(list).end(any).end(mark);
        }
    }

    /**
     * Appends an entry for each name of elements in a node: the text of the one that has it, or what is in it; a list of these if
     * several have it.
     */
    private static void simplified(XmlNode parent, Output out) {
        Limits.checkProduced(out.size());
        Map<String, List<XmlNode>> byName = new LinkedHashMap<>();
        for (XmlNode child : parent.children()) {
            if (child.is(XmlNode.Type.ELEMENT)) {
                byName.computeIfAbsent(child.name(), _ -> new ArrayList<>()).add(child);
            }
        }
        byName.forEach((name, elements) -> {
            int before = out.size();
            int mark = out.begin(Fields.VALUES);
            out.field(1, name);
            int any = out.begin(2);
            boolean isThere;
            if (elements.size() == 1) {
                isThere = any(elements.getFirst(), out);
            } else {
                int list = out.begin(ANY_LIST);
                isThere = elements.stream().anyMatch(e -> !e.children().isEmpty());
                elements.forEach(e -> element(e, out));
                out.end(list);
            }
            out.end(any).end(mark);
            if (!isThere) {
                out.truncate(before);
            }
        });
    }

    private static void element(XmlNode element, Output out) {
        int before = out.size();
        int mark = out.begin(Fields.VALUES);
        boolean isThere = any(element, out);
        out.end(mark);
        if (!isThere) {
            out.truncate(before);
        }
    }

    /** Appends the fields of an AnyValue; false: there is nothing in the element. */
    private static boolean any(XmlNode element, Output out) {
        String text = leaf(element);
        if (!text.isEmpty()) {
            out.field(ANY_TEXT, text);
            return true;
        }
        int map = out.begin(ANY_MAP);
        int empty = out.size();
        simplified(element, out);
        boolean isThere = out.size() > empty;
        out.end(map);
        return isThere;
    }

    /** The first text of an element without elements in it; else empty. */
    private static String leaf(XmlNode element) {
        List<XmlNode> children = element.children();
        return children.stream().anyMatch(c -> c.is(XmlNode.Type.ELEMENT))
                ? ""
                : children.stream()
                        .filter(c -> c.is(XmlNode.Type.TEXT) || c.is(XmlNode.Type.CDATA))
                        .map(XmlNode::text)
                        .findFirst()
                        .orElse("");
    }
}
