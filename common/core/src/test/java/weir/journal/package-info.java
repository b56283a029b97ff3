@NullMarked
package weir.journal;

import org.jspecify.annotations.NullMarked;
