/**
 * What keeps a flow bounded: the account of held bytes, timers, retries and the sending queue. Control structures take a
 * lock or allocate per batch, never per item.
 */
@NullMarked
package weir.flow;

import org.jspecify.annotations.NullMarked;
