@NullMarked
package weir.connector.spanmetrics;

import org.jspecify.annotations.NullMarked;
