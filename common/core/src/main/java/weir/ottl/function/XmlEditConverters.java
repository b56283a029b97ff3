package weir.ottl.function;

import static weir.ottl.function.Family.value;

import java.util.List;
import weir.ottl.Getter;
import weir.ottl.Limits;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.xml.XPath;
import weir.ottl.xml.XmlNode;
import weir.ottl.xml.XmlReader;

/** XML made of XML: GetXML, RemoveXML, InsertXML, ConvertAttributesToElementsXML, ConvertTextToElementsXML. */
final class XmlEditConverters {
    private static final String PATH = "x_path";

    /** What is done to a document of which some nodes were selected. */
    @FunctionalInterface
    private interface Change<T> {
        String of(XmlNode document, List<XmlNode> selected, T item);
    }

    private XmlEditConverters() {}

    static <T> void addTo(Family<T> family) {
        Parameter path = Parameter.of(PATH, Parameter.Kind.TEXT);
        Parameter otherPath = Parameter.optional(PATH, Parameter.Kind.TEXT);
        family.converter("GetXML", a -> change(a, "", (_, selected, _) -> written(selected)), value("target"), path);
        family.converter(
                "RemoveXML",
                a -> change(a, "", (document, selected, _) -> {
                    selected.forEach(XmlEditConverters::remove);
                    return document.toString();
                }),
                value("target"),
                path);
        family.converter("InsertXML", XmlEditConverters::insert, value("target"), path, value("sub_document"));
        family.converter(
                "ConvertAttributesToElementsXML",
                a -> change(a, "//@*", (document, selected, _) -> {
                    selected.forEach(XmlEditConverters::toElement);
                    return document.toString();
                }),
                value("target"),
                otherPath);
        family.converter(
                "ConvertTextToElementsXML",
                XmlEditConverters::convertTexts,
                value("target"),
                otherPath,
                Parameter.optional("element_name", Parameter.Kind.TEXT));
    }

    /** @param otherwise the path if none is given; empty: an empty text is nothing to be read, and stays what it is */
    private static <T> Getter<T> change(Arguments<T> arguments, String otherwise, Change<T> change)
            throws ArgumentException {
        Getter<T> targetOf = arguments.value("target");
        XPath path = path(arguments, otherwise);
        Value target = new Value();
        return (item, into) -> {
            targetOf.get(item, target);
            String text = Family.text(target);
            if (text.isEmpty() && otherwise.isEmpty()) {
                into.set("");
                return;
            }
            XmlNode document = fragment(text);
            into.set(change.of(document, path.select(document), item));
        };
    }

    private static <T> XPath path(Arguments<T> arguments, String otherwise) throws ArgumentException {
        String path = arguments.text(PATH, "");
        try {
            return XPath.compile(path.isEmpty() ? otherwise : path);
        } catch (OttlException e) {
            throw new ArgumentException(PATH, String.valueOf(e.getMessage()));
        }
    }

    /**
     * A text as XML with one element at least. As in the collector, nothing is kept that stands before the first element but a
     * declaration that the text begins with, and what follows it.
     */
    static XmlNode fragment(String text) {
        XmlNode document = XmlReader.read(text);
        List<XmlNode> children = document.children();
        int first = 0;
        while (!children.get(first).is(XmlNode.Type.ELEMENT)
                && !children.get(first).is(XmlNode.Type.INSTRUCTION)) {
            first++;
        }
        boolean unwanted = children.get(first).is(XmlNode.Type.INSTRUCTION) && !text.startsWith("<?xml");
        document.dropFirst(unwanted ? first + 1 : first);
        return document;
    }

    private static String written(List<XmlNode> selected) {
        StringBuilder out = new StringBuilder();
        for (XmlNode node : selected) {
            switch (node.type()) {
                case ELEMENT, TEXT, ATTRIBUTE -> node.write(out);
                case CDATA -> XmlNode.of(XmlNode.Type.TEXT, node.text()).write(out);
                default -> {}
            }
        }
        return out.toString();
    }

    private static void remove(XmlNode node) {
        switch (node.type()) {
            case ELEMENT, ATTRIBUTE, TEXT, CDATA, COMMENT -> node.remove();
            default -> {}
        }
    }

    /** Attributes with a prefix stay besides, among them those that declare one. */
    private static void toElement(XmlNode node) {
        XmlNode parent = node.parent();
        if (node.is(XmlNode.Type.ATTRIBUTE) && parent != null) {
            XmlNode element = XmlNode.element("", node.name());
            element.append(XmlNode.of(XmlNode.Type.TEXT, node.text()));
            parent.append(element);
            if (node.prefix().isEmpty()) {
                node.remove();
            }
        }
    }

    private static <T> Getter<T> insert(Arguments<T> arguments) throws ArgumentException {
        Getter<T> partOf = arguments.value("sub_document");
        Getter<T> targetOf = arguments.value("target");
        XPath path = path(arguments, "");
        Value value = new Value();
        return (item, into) -> {
            targetOf.get(item, value);
            String text = Family.text(value);
            XmlNode document = text.isEmpty() ? XmlReader.nothing() : fragment(text);
            partOf.get(item, value);
            List<XmlNode> parts = fragment(Family.text(value)).children();
            List<XmlNode> selected = path.select(document);
            if (!selected.stream().allMatch(n -> n.is(XmlNode.Type.ELEMENT) || n.is(XmlNode.Type.DOCUMENT))) {
                throw new OttlException(
                        "the XPath selects something else than elements, which nothing can be put into");
            }
            insert(parts, selected);
            into.set(document.toString());
        };
    }

    private static void insert(List<XmlNode> parts, List<XmlNode> selected) {
        StringBuilder written = new StringBuilder();
        parts.forEach(part -> part.write(written));
        Limits.checkProduced((long) written.length() * selected.size());
        // All copies first: an element that is selected can be in another one.
        List<List<XmlNode>> copies = selected.stream()
                .map(_ -> parts.stream().map(XmlNode::copy).toList())
                .toList();
        for (int i = 0; i < selected.size(); i++) {
            copies.get(i).forEach(selected.get(i)::append);
        }
    }

    private static <T> Getter<T> convertTexts(Arguments<T> arguments) throws ArgumentException {
        String given = arguments.text("element_name", "");
        String name = given.isEmpty() ? "value" : given;
        return change(arguments, "/", (document, selected, _) -> {
            selected.forEach(node -> wrapTexts(node, name));
            return document.toString();
        });
    }

    /** Puts the texts of a node into elements, where there is more than one text, or an element beside it; likewise below. */
    private static void wrapTexts(XmlNode node, String name) {
        List<XmlNode> children = node.children();
        children.stream().filter(c -> c.is(XmlNode.Type.ELEMENT)).forEach(c -> wrapTexts(c, name));
        List<XmlNode> texts =
                children.stream().filter(c -> c.is(XmlNode.Type.TEXT)).toList();
        long elements =
                children.stream().filter(c -> c.is(XmlNode.Type.ELEMENT)).count();
        if (!texts.isEmpty() && texts.size() + elements > 1) {
            texts.forEach(text -> node.wrap(text, XmlNode.element("", name)));
        }
    }
}
