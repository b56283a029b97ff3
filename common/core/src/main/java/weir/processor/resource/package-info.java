/**
 * {@code resource}: changes the attributes of resources, of any signal, by copying around what changes.
 * {@link weir.attribute.AttributeActions} does it.
 */
@NullMarked
package weir.processor.resource;

import org.jspecify.annotations.NullMarked;
