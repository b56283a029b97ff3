/**
 * What every listener and client shares: the event loops of the process, endpoints as people write them, the limit on
 * connections and the budget of bytes in flight.
 */
@NullMarked
package weir.transport.net;

import org.jspecify.annotations.NullMarked;
