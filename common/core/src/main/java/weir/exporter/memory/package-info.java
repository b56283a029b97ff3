/**
 * What was decided and kept lately, in bounded memory, for the console: {@link weir.exporter.memory.RecentStore} remembers,
 * the {@code memory} exporter feeds it with the traces that a pipeline keeps.
 */
@NullMarked
package weir.exporter.memory;

import org.jspecify.annotations.NullMarked;
