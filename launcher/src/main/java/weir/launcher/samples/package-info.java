/**
 * Sample traffic: five pretend services of a shop, each with an OpenTelemetry SDK of its own, that send traces and metrics
 * as real ones would.
 */
@NullMarked
package weir.launcher.samples;

import org.jspecify.annotations.NullMarked;
