/**
 * A small HTTP/1.1 server for pipeline components on Netty. {@link weir.transport.http.HttpListener} opens it from an
 * {@link weir.transport.http.HttpServerConfig}, and an {@link weir.transport.http.HttpHandler} answers, at once or later
 * and from any thread. Limits and timeouts of slow clients are the listener's business, not the handler's.
 */
@NullMarked
package weir.transport.http;

import org.jspecify.annotations.NullMarked;
