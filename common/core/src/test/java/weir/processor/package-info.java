@NullMarked
package weir.processor;

import org.jspecify.annotations.NullMarked;
