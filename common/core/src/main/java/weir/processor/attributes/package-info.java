/**
 * {@code attributes}: changes the attributes of spans, log records and data points, of all or of those that
 * {@link weir.selection.MatchProperties} name. {@link weir.attribute.AttributeActions} does it.
 */
@NullMarked
package weir.processor.attributes;

import org.jspecify.annotations.NullMarked;
