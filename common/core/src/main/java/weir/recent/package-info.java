/**
 * What was decided and kept lately, in bounded memory, for the console: {@link weir.recent.RecentStore} remembers
 * what the samplers of the process tell it, each kept trace with its decision and so once.
 */
@NullMarked
package weir.recent;

import org.jspecify.annotations.NullMarked;
