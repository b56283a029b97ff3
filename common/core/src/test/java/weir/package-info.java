/** Tests of the core as a whole. */
@NullMarked
package weir;

import org.jspecify.annotations.NullMarked;
