@NullMarked
package weir.allocator.allocation;

import org.jspecify.annotations.NullMarked;
