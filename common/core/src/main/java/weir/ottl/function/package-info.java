/**
 * Functions of the transformation language: what they take ({@link weir.ottl.function.Parameter}), how they are made ready for
 * a statement ({@link weir.ottl.function.Function}), and those that every context has.
 */
@NullMarked
package weir.ottl.function;

import org.jspecify.annotations.NullMarked;
