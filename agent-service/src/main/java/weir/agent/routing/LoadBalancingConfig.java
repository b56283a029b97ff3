package weir.agent.routing;

import java.time.Duration;
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
import weir.hash.Ring;
import weir.transport.members.BackendProtocol;
import weir.transport.members.ResolverConfig;
import weir.transport.members.Resolvers;

/** The section of a {@code load_balancing} exporter. */
public record LoadBalancingConfig(
        @Option(
                doc =
                        "What decides who gets an item: traceID (traces), service (the resource's service.name), resource (all"
                                + " of its attributes), metric (the metric's name), streamID (the series) or attributes (those of"
                                + " routing_attributes; traces and logs). Empty: traceID for traces, service for metrics and logs.")
        String routingKey,

        @Option(
                doc =
                        "For routing_key attributes: which ones, in this order. Each is looked for in the resource, the scope"
                                + " and the span or log record; span.name, span.kind, log.severity and log.body stand for those fields.")
        List<String> routingAttributes,

        @Option(doc = "How to speak to the backends.") Protocol protocol,

        @Option(doc = "Who the backends are.") ResolverConfig resolver,

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
    /** The section {@code protocol}. */
    public record Protocol(@Option(doc = "OTLP over gRPC.") BackendProtocol otlp) {}

    /** The section {@code weir}. */
    public record Weir(
            @Option(
                    doc =
                            "Names of the backends, by their entry in hostnames. A backend keeps what it owns under its name"
                                    + " when its address changes.")
            Map<String, String> names,

            @Option(doc = "The most that is held for one backend, in MiB, whatever queue_size says.", fallback = "32")
            int maxQueueMib,

            @Option(
                    doc =
                            "How long a backend of a stable name that is not found any more stays owner: it is restarting, and"
                                    + " what it owns is held for it. After that it is given to the others. 0s: at once.",
                    fallback = "1m")
            Duration gracePeriod,

            @Option(
                    doc =
                            "How the owner of a key is found: rendezvous; beside collectors in one fleet, crc32 (their ring, as"
                                    + " they have it today) or crc32_old (until April 2025). Gateways of Weir know owners by"
                                    + " rendezvous.",
                    fallback = "rendezvous")
            Ring ring)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (maxQueueMib < 1 || maxQueueMib > 1 << 20) {
                complaints.error("max_queue_mib", "must be from 1 to 1048576");
            }
            if (gracePeriod.isNegative() || gracePeriod.compareTo(Duration.ofHours(1)) > 0) {
                complaints.error("grace_period", "must be from 0s to 1h");
            }
        }

        long maxQueueBytes() {
            return (long) maxQueueMib << 20;
        }
    }

    @Override
    public void check(Complaints complaints) {
        RoutingKey key = RoutingKey.of(routingKey);
        if (!routingKey.isEmpty() && key == null) {
            complaints.error(
                    "routing_key",
                    "\"" + routingKey + "\" is not one of the keys that Weir routes by: " + RoutingKey.words(null));
        }
        if (key == RoutingKey.ATTRIBUTES && routingAttributes.isEmpty()) {
            complaints.error("routing_attributes", "name at least one attribute to route by");
        }
        if (key != RoutingKey.ATTRIBUTES && !routingAttributes.isEmpty()) {
            complaints.warning("routing_attributes", "has no effect unless routing_key is attributes");
        }
        if (sendingQueue != null && !sendingQueue.storage().isEmpty()) {
            complaints.error("sending_queue.storage", "not before backends; remove it");
        }
        if (weir.ring() != Ring.RENDEZVOUS) {
            checkRing(complaints, key);
        }
        checkMembers(complaints);
    }

    private void checkRing(Complaints complaints, @Nullable RoutingKey key) {
        if (key != null && !key.isKnownToCollectors()) {
            complaints.error(
                    "weir.ring",
                    "collectors' rings are not for routing_key " + key.word()
                            + ", whose keys collectors form in a way of their own; use rendezvous");
        }
        if (!weir.names().isEmpty()) {
            complaints.error("weir.names", "collectors' rings know a backend by its endpoint; remove them");
        }
    }

    private void checkMembers(Complaints complaints) {
        var fixed = resolver.fixed();
        List<String> entries = fixed == null ? List.of() : fixed.hostnames();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            String option = "resolver.static.hostnames[" + i + "]";
            try {
                Member member = Resolvers.member(entries.get(i), weir.names(), weir.ring());
                if (!names.add(member.name())) {
                    complaints.error(option, "a second backend named \"" + member.name() + "\"; names must differ");
                }
            } catch (IllegalArgumentException e) {
                complaints.error(option, String.valueOf(e.getMessage()));
            }
        }
        for (String entry : weir.names().keySet()) {
            if (!entries.contains(entry)) {
                complaints.error(
                        "weir.names",
                        "\"" + entry + "\" is not an entry of resolver.static.hostnames as written there");
            }
        }
    }
}
