/**
 * Which items are meant, as the collector's {@code include} and {@code exclude} say it: {@link
 * weir.selection.MatchProperties} is what a file says, {@link weir.selection.ItemMatcher} asks it of each item.
 */
@NullMarked
package weir.selection;

import org.jspecify.annotations.NullMarked;
