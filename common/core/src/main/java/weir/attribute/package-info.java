/**
 * What the processors {@code attributes} and {@code resource} do to attributes: {@link weir.attribute.AttributeStep} is one entry
 * of the file, {@link weir.attribute.AttributeActions} does all of them to an encoded message.
 */
@NullMarked
package weir.attribute;

import org.jspecify.annotations.NullMarked;
