@NullMarked
package weir.processor.memory;

import org.jspecify.annotations.NullMarked;
