@NullMarked
package weir.tracestate;

import org.jspecify.annotations.NullMarked;
