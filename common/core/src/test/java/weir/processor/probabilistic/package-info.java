@NullMarked
package weir.processor.probabilistic;

import org.jspecify.annotations.NullMarked;
