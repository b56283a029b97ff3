/**
 * What statements look like: {@link weir.ottl.syntax.Lexer} cuts a text into tokens, {@link weir.ottl.syntax.Parser} makes
 * {@link weir.ottl.syntax.Expression}s of them, {@link weir.ottl.syntax.Printer} writes those down again. Nothing here knows
 * contexts or functions.
 *
 * <p>One grammar reads conditions and values alike, so that a parenthesis needs no looking ahead; what may stand where is
 * checked by who compiles.
 */
@NullMarked
package weir.ottl.syntax;

import org.jspecify.annotations.NullMarked;
