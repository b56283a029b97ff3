/**
 * Weir's own metrics: a registry without a framework, which the rim publishes where {@code service.telemetry} says. Names
 * are the collector's wherever it has the instrument.
 */
@NullMarked
package weir.telemetry;

import org.jspecify.annotations.NullMarked;
