@NullMarked
package weir.processor.transform;

import org.jspecify.annotations.NullMarked;
