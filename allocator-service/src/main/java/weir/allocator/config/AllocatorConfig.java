package weir.allocator.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.config.Checked;
import weir.config.Option;

/** The Target Allocator's configuration, as far as Weir has it. */
public record AllocatorConfig(
        @Option(
                doc =
                        "Address and port of the HTTP API. Loopback unless told otherwise: whoever reaches it can read all"
                                + " scrape jobs.",
                fallback = "127.0.0.1:8090")
        String listenAddr,

        @Option(
                doc = "How targets are spread: rendezvous, which keeps every collector within 5 % of its share."
                        + " consistent-hashing and least-weighted are understood as the same.",
                fallback = "rendezvous")
        Strategy allocationStrategy,

        @Option(
                doc =
                        "relabel-config: targets that a job's relabelling drops are left out. Anything else: all are handed"
                                + " out, and the collector drops them itself.",
                fallback = "relabel-config")
        String filterStrategy,

        @Option(doc = "Prometheus's configuration: global and scrape_configs.", required = true)
        PrometheusConfig config,

        @Option(doc = "What the Target Allocator does not have.")
        Own weir)
        implements Checked {
    /** Whether targets that relabelling drops are left out. */
    public boolean filters() {
        return filterStrategy.equals("relabel-config");
    }

    /** How targets are spread; the names of the Target Allocator's strategies are understood. */
    public enum Strategy {
        RENDEZVOUS("rendezvous"),
        CONSISTENT_HASHING("consistent-hashing"),
        LEAST_WEIGHTED("least-weighted"),
        PER_NODE("per-node");

        private final String text;

        Strategy(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Weir's own options. */
    public record Own(
            @Option(
                    doc =
                            "Names of the collectors that targets are allocated to, as each gives them in collector_id. None:"
                                    + " nothing is allocated.")
            List<String> collectors,

            @Option(doc = "Address and port of this process's own metrics and health.", fallback = "127.0.0.1:8888")
            String telemetryEndpoint) {}

    @Override
    public void check(Complaints complaints) {
        switch (allocationStrategy) {
            case RENDEZVOUS, CONSISTENT_HASHING -> {}
            case LEAST_WEIGHTED ->
                complaints.warning(
                        "allocation_strategy",
                        "is understood as rendezvous, which is as even and does not depend on the order of events");
            case PER_NODE ->
                complaints.error(
                        "allocation_strategy",
                        "per-node needs the nodes of targets and collectors, which static targets do not have; use"
                                + " rendezvous");
        }
        HostPort listen = HostPort.parse(listenAddr);
        if (listen == null) {
            complaints.error("listen_addr", HostPort.FORM);
        } else if (!listen.isLoopback()) {
            complaints.warning(
                    "listen_addr", "is reachable from other machines, without TLS: they can read all scrape jobs");
        }
        if (HostPort.parse(weir.telemetryEndpoint()) == null) {
            complaints.error("weir.telemetry_endpoint", HostPort.FORM);
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < weir.collectors().size(); i++) {
            String name = weir.collectors().get(i);
            if (name.isBlank() || !seen.add(name)) {
                complaints.error("weir.collectors[" + i + "]", "must be a name that no other collector has");
            }
        }
        if (weir.collectors().isEmpty()) {
            complaints.warning("weir.collectors", "names nobody, so no target will be scraped");
        }
    }
}
