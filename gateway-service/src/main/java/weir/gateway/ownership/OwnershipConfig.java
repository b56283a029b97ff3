package weir.gateway.ownership;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.hash.Ring;
import weir.transport.members.BackendProtocol;
import weir.transport.members.ResolverConfig;
import weir.transport.members.Resolvers;
import weir.transport.tls.TlsClientConfig;

/** The section of an {@code ownership} processor. */
public record OwnershipConfig(
        @Option(
                doc =
                        "This gateway's own name among the members, which is its pod's name. Empty: that of the process, which is"
                                + " its host's.")
        String name,

        @Option(doc = "Who the gateways are, this one among them.")
        ResolverConfig resolver,

        @Option(doc = "How to speak to the other gateways.") Protocol protocol,

        @Option(doc = "The most that is held for one gateway, in MiB, whatever queue_size says.", fallback = "32")
        int maxQueueMib,

        @Option(
                doc =
                        "How long a gateway that is not found any more stays owner: it is restarting, and what it owns is held for"
                                + " it. After that it is given to the others. As agents have it.",
                fallback = "1m")
        Duration gracePeriod,

        @Option(
                doc =
                        "How long what another gateway sends here by mistake, because it knows other members, is refused for now:"
                                + " until both know the same. After that it is taken.",
                fallback = "30s")
        Duration agreeWithin,

        @Option(
                doc =
                        "How fast undecided traces are handed over to gateways that own them since the members changed, in MiB a"
                                + " second in all. What is not handed over before its wait is over is decided here.",
                fallback = "64")
        int maxHandOverMibPerSecond,

        @Option(
                doc =
                        "Tell gateways that come to own traces what was decided about these before, so that spans which come late"
                                + " share the fate of their trace; and listen for it. Unset: neither, and a trace can be split when"
                                + " the members change.")
        @Nullable
        PeersConfig peers)
        implements Checked {
    /** The section {@code protocol}. */
    public record Protocol(@Option(doc = "OTLP over gRPC.") BackendProtocol otlp) {}

    @Override
    public void check(Complaints complaints) {
        if (maxQueueMib < 1 || maxQueueMib > 1 << 20) {
            complaints.error("max_queue_mib", "must be from 1 to 1048576");
        }
        if (gracePeriod.isNegative() || gracePeriod.compareTo(Duration.ofHours(1)) > 0) {
            complaints.error("grace_period", "must be from 0s to 1h");
        }
        if (agreeWithin.isNegative() || agreeWithin.compareTo(Duration.ofMinutes(10)) > 0) {
            complaints.error("agree_within", "must be from 0s to 10m");
        }
        if (maxHandOverMibPerSecond < 1 || maxHandOverMibPerSecond > 1 << 14) {
            complaints.error("max_hand_over_mib_per_second", "must be from 1 to 16384");
        }
        if (peers != null) {
            checkPeers(complaints, peers);
        }
        var fixed = resolver.fixed();
        for (int i = 0; fixed != null && i < fixed.hostnames().size(); i++) {
            try {
                Resolvers.member(fixed.hostnames().get(i), Map.of(), Ring.RENDEZVOUS);
            } catch (IllegalArgumentException e) {
                complaints.error("resolver.static.hostnames[" + i + "]", String.valueOf(e.getMessage()));
            }
        }
        if (resolver.dns() != null && !resolver.dns().hostname().startsWith("_")) {
            complaints.error(
                    "resolver.dns.hostname",
                    "gateways must know each other by stable names, which plain addresses are not; name SRV records"
                            + " (_port-name._tcp.service) or use k8s");
        }
    }

    private void checkPeers(Complaints complaints, PeersConfig to) {
        TlsClientConfig tls = protocol.otlp().client().tls();
        if (!tls.insecure()
                && (tls.caFile().isEmpty()
                        || tls.common().certFile().isEmpty()
                        || tls.common().keyFile().isEmpty())) {
            complaints.error(
                    "peers",
                    "needs protocol.otlp.tls with ca_file, cert_file and key_file, by which gateways know each other; or"
                            + " insecure");
        }
        try {
            if (tls.insecure() && !to.listensAt().isLoopback()) {
                complaints.warning(
                        "peers.endpoint",
                        "listens beyond this machine without TLS; who reaches it can have traces dropped: set"
                                + " protocol.otlp.tls, or let only gateways reach it");
            }
        } catch (IllegalArgumentException _) {
            // Said by the section itself.
        }
    }

    long maxQueueBytes() {
        return (long) maxQueueMib << 20;
    }
}
