@NullMarked
package weir.recent;

import org.jspecify.annotations.NullMarked;
