@NullMarked
package weir.otlp.edit;

import org.jspecify.annotations.NullMarked;
