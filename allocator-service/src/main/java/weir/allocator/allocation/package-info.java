/** Who scrapes what: pure functions of targets and collectors, so that replicas agree without talking. */
@NullMarked
package weir.allocator.allocation;

import org.jspecify.annotations.NullMarked;
