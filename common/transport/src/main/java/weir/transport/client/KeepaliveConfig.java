package weir.transport.client;

import java.time.Duration;
import weir.config.Checked;
import weir.config.Option;

/** The section {@code keepalive} of a gRPC client; without it no pings are sent. */
public record KeepaliveConfig(
        @Option(
                doc = "How long a connection is silent before the backend is asked whether it is alive; 10s or more."
                        + " Many servers close connections that ask more often than every 5 minutes.",
                fallback = "10s")
        Duration time,

        @Option(doc = "How long to wait for its answer before the connection is closed.", fallback = "10s")
        Duration timeout,

        @Option(doc = "Whether to ask also while no request is in flight.", fallback = "false")
        boolean permitWithoutStream)
        implements Checked {
    @Override
    public void check(Complaints complaints) {
        if (time.compareTo(Duration.ofSeconds(10)) < 0) {
            complaints.error("time", "must be 10s or more, or backends take it for an attack");
        }
        if (!timeout.isPositive()) {
            complaints.error("timeout", "must be more than 0s");
        }
    }
}
