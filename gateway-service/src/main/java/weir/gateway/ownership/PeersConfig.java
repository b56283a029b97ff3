package weir.gateway.ownership;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.hash.Member;
import weir.transport.client.GrpcTarget;
import weir.transport.net.Endpoint;

/** The section {@code peers} of an {@code ownership} processor. */
public record PeersConfig(
        @Option(
                doc = "Where to listen for what other gateways tell, for them alone: host:port. With protocol.otlp.tls,"
                        + " TLS by the same files, read again when they change, and others must show a certificate of"
                        + " the same authority.",
                fallback = "localhost:4320")
        String endpoint,

        @Option(
                doc = "The port where the others listen for it, on the hosts that the resolver finds. 0: the one of"
                        + " endpoint.")
        int port,

        @Option(doc = "By a gateway's name, where it listens for it, if that is not so: host:port.")
        Map<String, String> endpoints)
        implements Checked {
    private static final int MAX_PORT = 65_535;

    @Override
    public void check(Complaints complaints) {
        try {
            Endpoint.parse(endpoint);
        } catch (IllegalArgumentException e) {
            complaints.error("endpoint", String.valueOf(e.getMessage()));
        }
        if (port < 0 || port > MAX_PORT) {
            complaints.error("port", "must be from 1 to 65535, or 0 for the one of endpoint");
        }
        endpoints.forEach((name, at) -> {
            try {
                GrpcTarget.parse(at);
            } catch (IllegalArgumentException e) {
                complaints.error("endpoints." + name, String.valueOf(e.getMessage()));
            }
        });
    }

    /** Where to listen. */
    public Endpoint listensAt() {
        return Endpoint.parse(endpoint);
    }

    /** Where a gateway can be told, as host:port. */
    String addressOf(Member member) {
        @Nullable String named = endpoints.get(member.name());
        if (named != null) {
            return named;
        }
        String address = member.address();
        return address.substring(0, address.lastIndexOf(':') + 1)
                + (port > 0 ? port : listensAt().port());
    }
}
