/**
 * What statements see of telemetry: {@link weir.ottl.context.Item} is a cursor that {@link weir.ottl.context.ItemWalk} moves
 * over a request and {@link weir.ottl.context.SpanCursor} from span to span, and {@link weir.ottl.context.Contexts} are the
 * kinds of item that statements can be about, with their paths and enums.
 *
 * <p>Semantics are those of the collector's pkg/ottl/contexts at v0.155.
 */
@NullMarked
package weir.ottl.context;

import org.jspecify.annotations.NullMarked;
