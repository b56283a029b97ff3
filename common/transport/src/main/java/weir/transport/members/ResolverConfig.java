package weir.transport.members;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.transport.net.Endpoint;

/** The section {@code resolver}: who the members are. */
public record ResolverConfig(
        @Option(name = "static", doc = "Members that the file names.") @Nullable
        StaticResolver fixed,

        @Option(
                doc =
                        "Members that the DNS names. SRV records name them by their hosts' names, which survive a restart;"
                                + " plain addresses do not.")
        @Nullable
        DnsResolver dns,

        @Option(doc = "Members that are the endpoints of a Kubernetes service, named by their pods.") @Nullable
        KubernetesResolver k8s)
        implements Checked {
    /** Where OTLP over gRPC is by default. */
    public static final int DEFAULT_PORT = 4317;

    /** The section {@code resolver.static}. */
    public record StaticResolver(
            @Option(
                    doc =
                            "The members: host:port, or host for port 4317. `name=host:port` gives one a name on which alone"
                                    + " depends what it owns; else that is host:port as written here.",
                    required = true)
            List<String> hostnames) {}

    /** The section {@code resolver.dns}. */
    public record DnsResolver(
            @Option(
                    doc = "The name to look up. One that begins with an underscore, such as"
                            + " _otlp-grpc._tcp.gateway.weir.svc.cluster.local, is one of SRV records: a member is named by the"
                            + " first label of its host there. Else each address is a member.",
                    required = true)
            String hostname,

            @Option(doc = "The port of the members; 0: that of their SRV record, or 4317.", fallback = "0")
            int port,

            @Option(doc = "How often to look, from 100ms; each time up to a tenth earlier.", fallback = "5s")
            Duration interval,

            @Option(doc = "How long a query may take, from 10ms.", fallback = "1s")
            Duration timeout,

            @Option(doc = "Weir's own options.") DnsOptions weir)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (hostname.isBlank()) {
                complaints.error("hostname", "name the host to look up");
            } else if (!isService()) {
                complaints.warning(
                        "hostname",
                        "addresses are no stable names: each restart of a gateway moves what it owns; name SRV records"
                                + " (_port-name._tcp.service) or use k8s");
            }
            if (port < 0 || port > 65535) {
                complaints.error("port", "must be from 1 to 65535");
            }
            if (interval.toMillis() < 100) {
                complaints.error("interval", "must be at least 100ms");
            }
            if (timeout.toMillis() < 10) {
                complaints.error("timeout", "must be at least 10ms");
            }
        }

        /** Whether it names SRV records. */
        boolean isService() {
            return hostname.startsWith("_");
        }
    }

    /** The section {@code resolver.dns.weir}. */
    public record DnsOptions(
            @Option(doc = "DNS servers to ask, as address:port; empty: those of the system.")
            List<String> servers) implements Checked {
        @Override
        public void check(Complaints complaints) {
            for (int i = 0; i < servers.size(); i++) {
                try {
                    Endpoint.parse(servers.get(i));
                } catch (IllegalArgumentException e) {
                    complaints.error("servers[" + i + "]", String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** The section {@code resolver.k8s}. */
    public record KubernetesResolver(
            @Option(doc = "The service, as name or name.namespace; without a namespace, the own one.", required = true)
            String service,

            @Option(doc = "The ports of the pods to use; with several, each is a member.", fallback = "[4317]")
            List<Integer> ports,

            @Option(doc = "How long the API server may take to answer at first.", fallback = "1m")
            Duration timeout,

            @Option(
                    doc =
                            "Whether to send to pods by their names within the service, rather than by their addresses. What a"
                                    + " pod owns depends on its name in both cases.",
                    fallback = "false")
            boolean returnHostnames)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (service.isBlank()
                    || service.startsWith(".")
                    || service.chars().filter(c -> c == '.').count() > 1) {
                complaints.error("service", "write name or name.namespace");
            }
            if (ports.isEmpty() || ports.stream().anyMatch(p -> p < 1 || p > 65535)) {
                complaints.error("ports", "name ports from 1 to 65535");
            }
            if (timeout.isNegative() || timeout.isZero()) {
                complaints.error("timeout", "must be longer than nothing");
            }
        }
    }

    @Override
    public void check(Complaints complaints) {
        long named = Stream.of(fixed != null, dns != null, k8s != null)
                .filter(n -> n)
                .count();
        if (named != 1) {
            complaints.error("", "name exactly one of static, dns and k8s");
        }
        if (fixed != null && fixed.hostnames().isEmpty()) {
            complaints.error("static.hostnames", "name at least one member");
        }
    }
}
