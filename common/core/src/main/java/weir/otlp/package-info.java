/**
 * OTLP as bytes: requests stay the protobuf bytes that arrived, and everything else is offsets into them.
 *
 * <p>In: {@link weir.otlp.OtlpCheck} checks a request of any signal at the door and makes a {@link weir.otlp.Batch} of it;
 * {@link weir.otlp.OtlpJson} turns JSON into such bytes first. {@link weir.otlp.TraceIndex} is what the check of traces
 * ({@link weir.otlp.TraceWalk}) leaves behind: where each span lies, and what samplers ask first; {@link weir.otlp.TraceIndexes} keeps them to be used
 * again.
 *
 * <p>Reading: {@link weir.otlp.SpanView} and {@link weir.otlp.ResourceView} look at one message, {@link
 * weir.otlp.AttributeCursor} and {@link weir.otlp.ValueView} at its attributes, {@link weir.otlp.FieldCursor} at any message's
 * fields.
 *
 * <p>Copying: {@link weir.otlp.TraceSplit}, {@link weir.otlp.ResourceSplit} and {@link weir.otlp.TreeSplit} divide a request, {@link
 * weir.otlp.TraceWriter} gathers spans into one, {@link weir.otlp.Batches} joins requests, {@link weir.otlp.AttributeEdit}
 * and {@link weir.otlp.ResourceEdit} change attributes by copying around them into an {@link weir.otlp.Output}.
 *
 * <p>Underneath: {@link weir.otlp.Wire} reads protobuf's own primitives, and {@link weir.otlp.Shape} checks messages against
 * the schema without building them.
 */
@NullMarked
package weir.otlp;

import org.jspecify.annotations.NullMarked;
