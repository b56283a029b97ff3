/** {@code nop}: an exporter that takes everything and does nothing with it, for trying pipelines and for measuring them. */
@NullMarked
package weir.exporter.nop;

import org.jspecify.annotations.NullMarked;
