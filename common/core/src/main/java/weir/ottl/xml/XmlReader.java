package weir.ottl.xml;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import weir.ottl.Limits;
import weir.ottl.OttlException;

/**
 * Reads XML 1.0 from a text, as strictly as Go's encoding/xml does: what is opened must be closed, attributes have values in
 * quotes, entities are the five of XML itself. There may be several roots, and text between them.
 */
public final class XmlReader {
    private final String text;
    private final XmlNode document = XmlNode.document();
    private final boolean isFragment;
    private final Deque<XmlNode> open = new ArrayDeque<>();
    private final Set<String> prefixes = new HashSet<>(Set.of("", "xml"));
    private int nodes;
    private int at;
    private int endOfFirst = -1;

    private XmlReader(String text, boolean isFragment) {
        this.text = text;
        this.isFragment = isFragment;
        open.push(document);
    }

    /**
     * The nodes of a text, whose elements have only prefixes that are declared before.
     *
     * @throws OttlException if it is no XML, or too much
     */
    public static XmlNode read(String text) {
        XmlReader reader = new XmlReader(text, true);
        reader.document();
        return reader.document;
    }

    /** The nodes of an empty text: none. */
    public static XmlNode nothing() {
        return XmlNode.document();
    }

    /**
     * The first element of a text that must end with it.
     *
     * @throws OttlException if it is no XML, or too much
     */
    public static XmlNode readElement(String text) {
        XmlReader reader = new XmlReader(text, false);
        reader.document();
        if (reader.endOfFirst != text.length()) {
            throw new OttlException("something follows the XML");
        }
        return reader.document.children().stream()
                .filter(c -> c.is(XmlNode.Type.ELEMENT))
                .findFirst()
                .orElseThrow();
    }

    private void document() {
        while (at < text.length()) {
            if (text.charAt(at) != '<') {
                characters();
            } else if (text.startsWith("<!--", at)) {
                comment();
            } else if (text.startsWith("<![CDATA[", at)) {
                String data = upTo("]]>", at + 9);
                add(XmlNode.of(XmlNode.Type.CDATA, normalized(data)));
            } else if (text.startsWith("<!", at)) {
                directive();
            } else if (text.startsWith("<?", at)) {
                instruction();
            } else if (text.startsWith("</", at)) {
                end();
            } else {
                start();
            }
        }
        if (open.size() > 1) {
            throw wrong("the element `" + open.element().qualifiedName() + "` is not closed");
        }
        if (endOfFirst < 0) {
            throw wrong("there is no element");
        }
    }

    private OttlException wrong(String what) {
        return new OttlException("the text is no XML: " + what + " (at its character " + (at + 1) + ")");
    }

    private XmlNode add(XmlNode node) {
        if (++nodes > Limits.MAX_XML_NODES) {
            throw new OttlException("XML of more than " + Limits.MAX_XML_NODES + " nodes");
        }
        open.element().append(node);
        return node;
    }

    /** The text from somewhere to an end, behind which reading goes on. */
    private String upTo(String end, int from) {
        int found = text.indexOf(end, from);
        if (found < 0) {
            throw wrong("it ends before " + end);
        }
        at = found + end.length();
        String between = text.substring(from, found);
        checkCharacters(between);
        return between;
    }

    private void checkCharacters(String part) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if ((c < ' ' && !isBlank(c)) || c >= 0xfffe) {
                throw wrong("a character that XML does not have");
            }
        }
    }

    private void characters() {
        int end = text.indexOf('<', at);
        String part = text.substring(at, end < 0 ? text.length() : end);
        if (part.contains("]]>")) {
            throw wrong("]]> outside a CDATA section");
        }
        String value = decoded(part);
        at += part.length();
        add(XmlNode.of(XmlNode.Type.TEXT, value));
    }

    private void comment() {
        String comment = upTo("--", at + 4);
        if (!text.startsWith(">", at)) {
            throw wrong("-- in a comment");
        }
        at++;
        add(XmlNode.of(XmlNode.Type.COMMENT, comment));
    }

    /** {@code <!...>}, in which angle brackets may nest and stand in quotes. What it declares is not looked at. */
    private void directive() {
        int from = at + 2;
        int depth = 1;
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '<') {
                depth++;
            } else if (c == '>' && --depth == 0) {
                at = i + 1;
                String directive = text.substring(from, i);
                checkCharacters(directive);
                add(XmlNode.of(XmlNode.Type.DIRECTIVE, directive));
                return;
            }
        }
        throw wrong("a <! that is not closed");
    }

    private void instruction() {
        at += 2;
        String target = name();
        String rest = upTo("?>", at).strip();
        if (target.equals("xml")) {
            String version = declared(rest, "version");
            String encoding = declared(rest, "encoding");
            if (!version.isEmpty() && !version.equals("1.0")) {
                throw wrong("its version is not 1.0");
            }
            // A text of OTLP is UTF-8, whatever it says; only where the collector would turn it is that passed over.
            if (!isFragment && !encoding.isEmpty() && !encoding.equalsIgnoreCase("utf-8")) {
                throw wrong("its encoding is not UTF-8");
            }
        }
        add(XmlNode.of(XmlNode.Type.INSTRUCTION, rest.isEmpty() ? target : target + " " + rest));
    }

    private static String declared(String declaration, String key) {
        int from = declaration.indexOf(key + "=");
        int value = from + key.length() + 2;
        if (from < 0 || value > declaration.length()) {
            return "";
        }
        int end = declaration.indexOf(declaration.charAt(value - 1), value);
        return end < 0 ? "" : declaration.substring(value, end);
    }

    private void start() {
        at++;
        String name = name();
        XmlNode element = add(element(name));
        while (true) {
            blanks();
            if (isFragment && text.startsWith(">", text.startsWith("/", at) ? at + 1 : at)) {
                checkPrefix(element);
            }
            if (text.startsWith("/>", at)) {
                at += 2;
                ended();
                return;
            } else if (text.startsWith(">", at)) {
                at++;
                if (open.size() > Limits.MAX_XML_LEVELS) {
                    throw new OttlException("XML that nests more than " + Limits.MAX_XML_LEVELS + " elements");
                }
                open.push(element);
                return;
            }
            attribute(element);
        }
    }

    private void checkPrefix(XmlNode element) {
        for (XmlNode attribute : element.attributesRead()) {
            if (attribute.prefix().equals("xmlns")) {
                prefixes.add(attribute.name());
            }
        }
        if (!prefixes.contains(element.prefix())) {
            throw wrong("the prefix `" + element.prefix() + "` is not declared");
        }
    }

    private static XmlNode element(String name) {
        int colon = separator(name);
        return XmlNode.element(name.substring(0, Math.max(0, colon)), name.substring(colon + 1));
    }

    /** Of a prefix and a name; -1: there is no prefix. */
    private static int separator(String name) {
        int colon = name.indexOf(':');
        return colon == 0 || colon == name.length() - 1 ? -1 : colon;
    }

    private void attribute(XmlNode element) {
        String name = name();
        blanks();
        if (!text.startsWith("=", at)) {
            throw wrong("the attribute `" + name + "` has no value");
        }
        at++;
        blanks();
        char quote = at < text.length() ? text.charAt(at) : 0;
        int end = quote == '"' || quote == '\'' ? text.indexOf(quote, at + 1) : -1;
        if (end < 0) {
            throw wrong("the value of the attribute `" + name + "` is not in quotes");
        }
        String value = text.substring(at + 1, end);
        if (value.indexOf('<') >= 0) {
            throw wrong("a < in the value of the attribute `" + name + "`");
        }
        String decoded = decoded(value);
        at = end + 1;
        if (++nodes > Limits.MAX_XML_NODES) {
            throw new OttlException("XML of more than " + Limits.MAX_XML_NODES + " nodes");
        }
        int colon = separator(name);
        element.append(XmlNode.attribute(name.substring(0, Math.max(0, colon)), name.substring(colon + 1), decoded));
    }

    private void end() {
        at += 2;
        String name = name();
        blanks();
        if (!text.startsWith(">", at)) {
            throw wrong("the end of `" + name + "` is not closed");
        }
        if (open.size() == 1 || !open.element().qualifiedName().equals(name)) {
            throw wrong("`" + name + "` ends, which is not open");
        }
        at++;
        open.pop();
        ended();
    }

    private void ended() {
        if (endOfFirst < 0 && open.size() == 1) {
            endOfFirst = at;
        }
    }

    private void blanks() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private String name() {
        int from = at;
        while (at < text.length() && isOfName(text.codePointAt(at), at == from)) {
            at += Character.charCount(text.codePointAt(at));
        }
        String name = text.substring(from, at);
        if (name.isEmpty() || name.indexOf(':') != name.lastIndexOf(':')) {
            throw wrong("a name is missing, or is none");
        }
        return name;
    }

    private static boolean isOfName(int c, boolean first) {
        return Character.isLetter(c)
                || c == '_'
                || c == ':'
                || (!first
                        && (Character.isDigit(c)
                                || c == '-'
                                || c == '.'
                                || c == 0xb7
                                || Character.getType(c) == Character.NON_SPACING_MARK));
    }

    /** Lines end with \n alone. */
    private static String normalized(String part) {
        return part.indexOf('\r') < 0 ? part : part.replace("\r\n", "\n").replace('\r', '\n');
    }

    private String decoded(String part) {
        checkCharacters(part);
        String lines = normalized(part);
        int entity = lines.indexOf('&');
        if (entity < 0) {
            return lines;
        }
        StringBuilder out = new StringBuilder(lines.length());
        int from = 0;
        while (entity >= 0) {
            int end = lines.indexOf(';', entity);
            if (end < 0) {
                throw wrong("a & that begins no entity");
            }
            out.append(lines, from, entity).appendCodePoint(entity(lines.substring(entity + 1, end)));
            from = end + 1;
            entity = lines.indexOf('&', from);
        }
        return out.append(lines, from, lines.length()).toString();
    }

    private int entity(String name) {
        return switch (name) {
            case "lt" -> '<';
            case "gt" -> '>';
            case "amp" -> '&';
            case "apos" -> '\'';
            case "quot" -> '"';
            default -> {
                boolean hexadecimal = name.startsWith("#x");
                String digits = name.startsWith("#") ? name.substring(hexadecimal ? 2 : 1) : "";
                if (!digits.matches(hexadecimal ? "[0-9a-fA-F]{1,6}" : "[0-9]{1,7}")) {
                    throw wrong("there is no entity `" + (name.length() > 20 ? "" : name) + "`");
                }
                int c = Integer.parseInt(digits, hexadecimal ? 16 : 10);
                boolean known =
                        (c >= ' ' && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c <= 0x10ffff);
                if (!known && c != '\t' && c != '\n' && c != '\r') {
                    throw wrong("a character that XML does not have");
                }
                yield c;
            }
        };
    }
}
