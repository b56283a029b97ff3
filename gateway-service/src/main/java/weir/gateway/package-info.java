/** The gateway: what it adds to the components that all services share, and its wiring. */
@NullMarked
package weir.gateway;

import org.jspecify.annotations.NullMarked;
