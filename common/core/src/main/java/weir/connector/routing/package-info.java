/**
 * {@code routing}: leads each resource, span, metric, data point or log record to the pipelines that a table of conditions
 * says, as the collector's connector does at v0.155.
 *
 * <p>{@link weir.connector.routing.RoutingConfig} is what a file says, {@link weir.connector.routing.Routes} makes of it what is
 * done: {@link weir.connector.routing.RoutingTable} cuts a request, one {@link weir.connector.routing.Stage} after the other,
 * and {@link weir.connector.routing.Departure} sees the parts off and answers when all of them are taken.
 */
@NullMarked
package weir.connector.routing;

import org.jspecify.annotations.NullMarked;
