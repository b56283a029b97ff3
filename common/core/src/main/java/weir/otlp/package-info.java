/**
 * OTLP as bytes: requests stay the protobuf bytes that arrived, and everything else is offsets into them (DESIGN 3).
 *
 * <p>{@link weir.otlp.Batch} is one request. {@link weir.otlp.TraceIndex} walks a request of traces once, checks it, and
 * tells where each span lies and what samplers ask first. {@link weir.otlp.Wire} reads protobuf's own primitives, and
 * {@link weir.otlp.Shape} checks messages against the schema without building them.
 */
@NullMarked
package weir.otlp;

import org.jspecify.annotations.NullMarked;
