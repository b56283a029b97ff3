/** The agent: what it adds to the components that all services share, and its wiring. */
@NullMarked
package weir.agent;

import org.jspecify.annotations.NullMarked;
