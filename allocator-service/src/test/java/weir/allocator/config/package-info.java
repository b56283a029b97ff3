@NullMarked
package weir.allocator.config;

import org.jspecify.annotations.NullMarked;
