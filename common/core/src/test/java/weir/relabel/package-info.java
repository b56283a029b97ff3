@NullMarked
package weir.relabel;

import org.jspecify.annotations.NullMarked;
