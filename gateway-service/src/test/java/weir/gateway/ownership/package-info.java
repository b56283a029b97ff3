/** Tests of which gateway a trace belongs to. */
@NullMarked
package weir.gateway.ownership;

import org.jspecify.annotations.NullMarked;
