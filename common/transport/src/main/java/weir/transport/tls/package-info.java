/**
 * TLS for listeners and clients: options as in a pipeline file ({@link weir.transport.tls.TlsServerConfig},
 * {@link weir.transport.tls.TlsClientConfig}), and {@link weir.transport.tls.TlsContext}, which makes Netty's context of
 * them and reads the files again when they change.
 */
@NullMarked
package weir.transport.tls;

import org.jspecify.annotations.NullMarked;
