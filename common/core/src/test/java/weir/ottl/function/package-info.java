/** Tests of the functions of statements by themselves. */
@NullMarked
package weir.ottl.function;

import org.jspecify.annotations.NullMarked;
