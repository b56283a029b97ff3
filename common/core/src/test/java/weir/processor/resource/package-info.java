@NullMarked
package weir.processor.resource;

import org.jspecify.annotations.NullMarked;
