@NullMarked
package weir.exporter.memory;

import org.jspecify.annotations.NullMarked;
