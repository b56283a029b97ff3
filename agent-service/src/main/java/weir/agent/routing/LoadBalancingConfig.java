package weir.agent.routing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueueConfig;
import weir.hash.Member;
import weir.transport.client.GrpcTarget;

/** The section of a {@code load_balancing} exporter. */
public record LoadBalancingConfig(
        @Option(
                doc = "What decides who gets an item: traceID (traces only), service (the resource's service.name) or"
                        + " resource (all of its attributes). Empty: traceID for traces, service for metrics and logs.")
        String routingKey,

        @Option(doc = "How to speak to the backends.") Protocol protocol,

        @Option(doc = "Who the backends are.") Resolver resolver,

        @Option(
                doc =
                        "A queue in front of those of the backends; without this section there is none, and what does not fit"
                                + " in a backend's queue goes back to the sender.")
        @Nullable
        SendingQueueConfig sendingQueue,

        @Option(
                doc = "When to try again what found no place in the backends' queues; without this section it is not"
                        + " tried again here.")
        @Nullable
        RetryPolicy retryOnFailure,

        @Option(doc = "Weir's own options.") Weir weir)
        implements Checked {
    private static final int DEFAULT_PORT = 4317;

    /** The section {@code protocol}. */
    public record Protocol(@Option(doc = "OTLP over gRPC.") BackendProtocol otlp) {}

    /** The section {@code resolver}. */
    public record Resolver(
            @Option(name = "static", doc = "Backends that the file names.", required = true)
            StaticResolver fixed) {}

    /** The section {@code resolver.static}. */
    public record StaticResolver(
            @Option(
                    doc =
                            "The backends: host:port, or host for port 4317. `name=host:port` gives one a name on which alone"
                                    + " depends what it owns; else that is host:port as written here.",
                    required = true)
            List<String> hostnames) {}

    /** The section {@code weir}. */
    public record Weir(
            @Option(
                    doc =
                            "Names of the backends, by their entry in hostnames. A backend keeps what it owns under its name"
                                    + " when its address changes.")
            Map<String, String> names,

            @Option(doc = "The most that is held for one backend, in MiB, whatever queue_size says.", fallback = "32")
            int maxQueueMib)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (maxQueueMib < 1 || maxQueueMib > 1 << 20) {
                complaints.error("max_queue_mib", "must be from 1 to 1048576");
            }
        }

        long maxQueueBytes() {
            return (long) maxQueueMib << 20;
        }
    }

    @Override
    public void check(Complaints complaints) {
        if (!routingKey.isEmpty() && RoutingKey.of(routingKey) == null) {
            complaints.error(
                    "routing_key",
                    "\"" + routingKey + "\" is not one of the keys that Weir routes by: traceID, service, resource");
        }
        if (resolver.fixed().hostnames().isEmpty()) {
            complaints.error("resolver.static.hostnames", "name at least one backend");
        }
        if (sendingQueue != null && !sendingQueue.storage().isEmpty()) {
            complaints.error("sending_queue.storage", "not before backends; remove it");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < resolver.fixed().hostnames().size(); i++) {
            String option = "resolver.static.hostnames[" + i + "]";
            try {
                Member member = member(resolver.fixed().hostnames().get(i));
                if (!names.add(member.name())) {
                    complaints.error(option, "a second backend named \"" + member.name() + "\"; names must differ");
                }
            } catch (IllegalArgumentException e) {
                complaints.error(option, String.valueOf(e.getMessage()));
            }
        }
        for (String entry : weir.names().keySet()) {
            if (!resolver.fixed().hostnames().contains(entry)) {
                complaints.error(
                        "weir.names",
                        "\"" + entry + "\" is not an entry of resolver.static.hostnames as written there");
            }
        }
    }

    /** The backends that the file names. */
    List<Member> members() {
        List<Member> members = new ArrayList<>();
        resolver.fixed().hostnames().forEach(entry -> members.add(member(entry)));
        return members;
    }

    private Member member(String entry) {
        int equals = entry.indexOf('=');
        String address = withPort(entry.substring(equals + 1).strip());
        GrpcTarget.parse(address);
        String named = equals > 0 ? entry.substring(0, equals).strip() : address;
        return new Member(weir.names().getOrDefault(entry, named), address);
    }

    /** The collector adds a port only for dialing, so that agents which spell it differently disagree on who owns what. */
    private static String withPort(String address) {
        boolean bareIpv6 = !address.startsWith("[") && address.indexOf(':') != address.lastIndexOf(':');
        if (bareIpv6) {
            return "[" + address + "]:" + DEFAULT_PORT;
        }
        return address.lastIndexOf(':') > address.lastIndexOf(']') ? address : address + ":" + DEFAULT_PORT;
    }
}
