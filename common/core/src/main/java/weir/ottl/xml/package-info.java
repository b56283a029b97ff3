/**
 * XML in texts, as statements read and change it: {@link weir.ottl.xml.XmlReader} makes nodes of a text, {@link
 * weir.ottl.xml.XPath} finds some of them, and {@link weir.ottl.xml.XmlNode} is written again. Own code rather than the JDK's,
 * because a text here can have several roots, and because each step can be counted: no document makes a statement stall.
 * Document types are skipped, entities of their own do not exist.
 */
@NullMarked
package weir.ottl.xml;

import org.jspecify.annotations.NullMarked;
