@NullMarked
package weir.processor.filter;

import org.jspecify.annotations.NullMarked;
