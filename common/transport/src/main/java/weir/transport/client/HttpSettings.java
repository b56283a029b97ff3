package weir.transport.client;

import java.time.Duration;
import java.util.Map;
import weir.config.Secret;
import weir.transport.compress.Encoding;
import weir.transport.tls.TlsClientConfig;

/**
 * How to reach one backend by HTTP.
 *
 * @param tls used when the target's scheme is https
 * @param headers sent with every request
 * @param timeout of one try, from connecting to the last byte of the answer
 * @param idleTimeout after which a connection that nobody uses is closed
 */
public record HttpSettings(
        HttpTarget target,
        Encoding compression,
        TlsClientConfig tls,
        Map<String, Secret> headers,
        Duration timeout,
        Duration idleTimeout) {}
