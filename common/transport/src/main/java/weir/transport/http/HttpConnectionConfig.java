package weir.transport.http;

import java.time.Duration;
import weir.config.Option;

/** What every section says that listens for HTTP: how long clients may take. As in the collector, 0s is the default. */
public record HttpConnectionConfig(
        @Option(doc = "How long a client may take to send the head of a request; 0s: 30s.", fallback = "30s")
        Duration readHeaderTimeout,

        @Option(
                doc = "How long a client may take to read an answer, or each part of a long one; 0s: 30s.",
                fallback = "30s")
        Duration writeTimeout,

        @Option(doc = "How long a connection may wait for its next request; 0s: 3m.", fallback = "3m")
        Duration idleTimeout,

        @Option(doc = "Whether a connection serves more than one request.", fallback = "true")
        boolean keepAlivesEnabled) {
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final Duration USUAL_IDLE = Duration.ofMinutes(3);

    /** What an empty section means. */
    public static final HttpConnectionConfig DEFAULT = new HttpConnectionConfig(USUAL, USUAL, USUAL_IDLE, true);

    /** Puts the defaults where 0s was given. */
    public HttpConnectionConfig {
        readHeaderTimeout = readHeaderTimeout.isZero() ? USUAL : readHeaderTimeout;
        writeTimeout = writeTimeout.isZero() ? USUAL : writeTimeout;
        idleTimeout = idleTimeout.isZero() ? USUAL_IDLE : idleTimeout;
    }
}
