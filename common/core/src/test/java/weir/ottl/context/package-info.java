@NullMarked
package weir.ottl.context;

import org.jspecify.annotations.NullMarked;
