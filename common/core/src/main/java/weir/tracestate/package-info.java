/**
 * The W3C trace state as far as OpenTelemetry samples by it: {@link weir.tracestate.Thresholds} of 56 bits, and the
 * {@code ot} member that carries them, in {@link weir.tracestate.TraceState}.
 */
@NullMarked
package weir.tracestate;

import org.jspecify.annotations.NullMarked;
