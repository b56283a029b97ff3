package weir.transport.http;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.transport.compress.Encoding;
import weir.transport.tls.TlsServerConfig;

/**
 * How an {@link HttpListener} listens. Components bind their own records and make this of them.
 *
 * @param name tells several listeners of a component apart in metrics, such as {@code http}
 * @param option the path of the option that names the endpoint, for error messages
 * @param endpoint {@code host:port}
 * @param tls null for none
 * @param maxRequestBodyBytes of a body as it comes, and again once decompressed
 * @param encodings what bodies may be compressed with
 * @param handshakeTimeout of TLS
 * @param headerTimeout from the first byte of a request (for the first request: from the connection) to the end of its head
 * @param bodyTimeout from there to the end of its body
 * @param writeTimeout for a client to take an answer; for one that is streamed, each part of it
 * @param idleTimeout from an answer to the next request
 * @param keepAlives whether a connection serves more than one request
 * @param maxConnections at once
 * @param maxHeaderBytes of all headers of a request together
 * @param maxInFlightBytes of all bodies that were not answered yet, unless the listener is given a budget
 */
public record HttpServerConfig(
        String name,
        String option,
        String endpoint,
        @Nullable TlsServerConfig tls,
        int maxRequestBodyBytes,
        Set<Encoding> encodings,
        Duration handshakeTimeout,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration writeTimeout,
        Duration idleTimeout,
        boolean keepAlives,
        int maxConnections,
        int maxHeaderBytes,
        long maxInFlightBytes) {

    /** For a listener that is asked with GET, such as a metrics endpoint: small bodies, the usual limits. */
    public static HttpServerConfig forReading(
            String name,
            String option,
            String endpoint,
            @Nullable TlsServerConfig tls,
            HttpConnectionConfig connections) {
        return new HttpServerConfig(
                name,
                option,
                endpoint,
                tls,
                1 << 20,
                Set.of(Encoding.values()),
                Duration.ofSeconds(10),
                connections.readHeaderTimeout(),
                Duration.ofSeconds(60),
                connections.writeTimeout(),
                connections.idleTimeout(),
                connections.keepAlivesEnabled(),
                512,
                16 << 10,
                16L << 20);
    }
}
