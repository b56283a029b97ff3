/** Tests of the senders, and the backend that they and others send to. */
@NullMarked
package weir.transport.client;

import org.jspecify.annotations.NullMarked;
