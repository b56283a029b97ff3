/**
 * What keeps a flow bounded: the account of held bytes, which the memory limiter compares with its limit, and the timer
 * that retries, flushes and expiry are planned with. They cost something per batch, never per item.
 */
@NullMarked
package weir.flow;

import org.jspecify.annotations.NullMarked;
