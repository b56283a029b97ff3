/** Tests of the transformation language, over an item that holds its fields in plain view. */
@NullMarked
package weir.ottl;

import org.jspecify.annotations.NullMarked;
