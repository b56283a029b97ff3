@NullMarked
package weir.processor.batch;

import org.jspecify.annotations.NullMarked;
