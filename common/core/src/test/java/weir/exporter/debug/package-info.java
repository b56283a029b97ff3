@NullMarked
package weir.exporter.debug;

import org.jspecify.annotations.NullMarked;
