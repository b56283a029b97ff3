/** Tests of the load balancer. */
@NullMarked
package weir.agent.routing;

import org.jspecify.annotations.NullMarked;
