/**
 * {@code debug}: writes what reaches it to the log, in the collector's words: counts (basic), a line per item
 * (normal), or everything (detailed).
 */
@NullMarked
package weir.exporter.debug;

import org.jspecify.annotations.NullMarked;
