@NullMarked
package weir.allocator;

import org.jspecify.annotations.NullMarked;
