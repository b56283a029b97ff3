@NullMarked
package weir.processor.attributes;

import org.jspecify.annotations.NullMarked;
