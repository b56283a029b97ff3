/** Tests of what statements look like. */
@NullMarked
package weir.ottl.syntax;

import org.jspecify.annotations.NullMarked;
