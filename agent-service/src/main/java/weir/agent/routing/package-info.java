/**
 * Where an agent sends: the {@code load_balancing} exporter, which cuts each request by the owner of its keys.
 *
 * <p>{@link weir.agent.routing.Router} decides who gets what, {@link weir.agent.routing.LoadBalancer} has every part taken
 * or none.
 */
@NullMarked
package weir.agent.routing;

import org.jspecify.annotations.NullMarked;
