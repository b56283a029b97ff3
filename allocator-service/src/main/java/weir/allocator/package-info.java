/** The allocator: what it adds to the components that all services share, and its wiring. */
@NullMarked
package weir.allocator;

import org.jspecify.annotations.NullMarked;
