/**
 * The pipeline engine: what a component is, the one seam that carries telemetry between components, and how a graph of
 * them starts, drains and stops.
 *
 * <p>Start at {@link weir.pipeline.Consumer} (the seam) and {@link weir.pipeline.Delivery} (how each batch ends).
 * {@link weir.pipeline.Component} is the lifecycle that every receiver, processor, connector, exporter and extension
 * shares, {@link weir.pipeline.Ledger} the account that each keeps, and {@link weir.pipeline.ComponentFactory} what a
 * new component implements to be found by its type in a pipeline file.
 */
@NullMarked
package weir.pipeline;

import org.jspecify.annotations.NullMarked;
