/**
 * The OpenTelemetry Transformation Language, over bytes.
 *
 * <pre>
 * text -> weir.ottl.syntax (what was written) -> Compiler -> Conditions, Statements (what is done with each item)
 *                                                  |
 *                              Context: paths and enums of one kind of item     Function: editors and converters
 * </pre>
 *
 * <p>What is compiled reads values into registers ({@link weir.ottl.Value}) that point at the bytes of the request, so that
 * comparing an attribute with a literal compares bytes and nothing is allocated for an item. Compiled conditions and statements
 * own their registers, so they belong to one thread at a time.
 *
 * <p>Semantics are those of the collector's pkg/ottl at v0.155.
 */
@NullMarked
package weir.ottl;

import org.jspecify.annotations.NullMarked;
