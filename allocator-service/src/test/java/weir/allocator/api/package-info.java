@NullMarked
package weir.allocator.api;

import org.jspecify.annotations.NullMarked;
