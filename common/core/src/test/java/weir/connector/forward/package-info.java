@NullMarked
package weir.connector.forward;

import org.jspecify.annotations.NullMarked;
