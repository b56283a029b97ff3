@NullMarked
package weir.connector.routing;

import org.jspecify.annotations.NullMarked;
