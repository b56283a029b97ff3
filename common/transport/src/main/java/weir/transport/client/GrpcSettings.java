package weir.transport.client;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.config.Secret;
import weir.transport.tls.TlsClientConfig;

/**
 * How to reach one backend by gRPC.
 *
 * @param endpoint checked by {@link GrpcTarget#parse}
 * @param compression gzip, zstd or none
 * @param headers sent with every request; names in lower case
 * @param timeout of one try
 * @param waitForReady whether a try waits for a connection until its timeout, rather than failing at once
 * @param balancerName how to choose among the addresses of a name: round_robin or pick_first
 * @param authority in place of the endpoint's; empty: the endpoint's
 */
public record GrpcSettings(
        String endpoint,
        String compression,
        TlsClientConfig tls,
        Map<String, Secret> headers,
        Duration timeout,
        boolean waitForReady,
        String balancerName,
        @Nullable KeepaliveConfig keepalive,
        String authority) {}
