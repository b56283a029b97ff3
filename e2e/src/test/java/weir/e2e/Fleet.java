package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.load.Ports;
import weir.load.Shape;
import weir.testing.DnsServer;

/** Gateways without an agent in front of one backend, which find each other by SRV records. */
final class Fleet implements AutoCloseable {
    /** What keeps a trace is in its first span: a gateway that stops decides by the spans that it has. */
    static final Shape SHAPE = new Shape(128, 8, 4, 4, 0, 2, 0);

    static final Duration DECISION_WAIT = Duration.ofSeconds(6);
    private static final Duration A_WHILE = Duration.ofSeconds(30);
    private static final String SERVICE = "_otlp-grpc._tcp.gateway.weir.test";

    private final DnsServer dns;
    private final Path directory;
    private final int[] ports;
    private final int backendPort;
    private final Duration gracePeriod;
    private final @Nullable Service[] gateways;

    /** @param most gateways there may be; none runs yet */
    Fleet(Path directory, int most, int backendPort, Duration gracePeriod) throws IOException {
        this.dns = new DnsServer();
        this.directory = directory;
        this.ports = Ports.free(3 * most);
        this.backendPort = backendPort;
        this.gracePeriod = gracePeriod;
        this.gateways = new Service[most];
    }

    /** From now on the records name the first so many. */
    void named(int count) throws IOException {
        String[] targets = new String[count];
        for (int i = 0; i < count; i++) {
            dns.addresses("gateway-" + i + ".gateway.weir.test", "127.0.0.1");
            targets[i] = "gateway-" + i + ".gateway.weir.test:" + otlpPort(i);
        }
        dns.services(SERVICE, targets);
    }

    /** Starts gateways without waiting. */
    void start(int... which) {
        for (int i : which) {
            gateways[i] = started(i);
        }
    }

    /** Waits until all that were started are ready. */
    void awaitReady() {
        all().forEach(Service::awaitReady);
    }

    Service gateway(int i) {
        return Objects.requireNonNull(gateways[i]);
    }

    /** Tells one to stop, which it must do well; how many milliseconds that took. */
    long stop(int i) {
        long begin = System.nanoTime();
        assertThat(gateway(i).terminate(A_WHILE)).as("status of %s", gateway(i)).isZero();
        gateways[i] = null;
        return (System.nanoTime() - begin) / 1_000_000;
    }

    /** Kills one. */
    void kill(int i) {
        gateway(i).kill();
        gateways[i] = null;
    }

    /** Those that run. */
    List<Service> all() {
        List<Service> all = new ArrayList<>();
        for (Service gateway : gateways) {
            if (gateway != null) {
                all.add(gateway);
            }
        }
        return all;
    }

    List<String> addresses(int count) {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add("127.0.0.1:" + otlpPort(i));
        }
        return addresses;
    }

    double spans(int i, String how) {
        return gateway(i).metrics().sum("weir_ownership_spans_total", "how", how);
    }

    /** Waits until nothing is inside any more, and has every account balance. */
    void settle() {
        Balance.settle(all(), A_WHILE.plus(DECISION_WAIT));
    }

    private int otlpPort(int i) {
        return ports[3 * i];
    }

    private int telemetryPort(int i) {
        return ports[3 * i + 1];
    }

    private int peersPort(int i) {
        return ports[3 * i + 2];
    }

    /** Has the policies of one that runs say something else. */
    void policies(int i, String before, String after) throws IOException {
        Path file = directory.resolve("gateway-" + telemetryPort(i) + ".yaml");
        String text = Files.readString(file);
        assertThat(text).contains(before);
        Files.writeString(file, text.replace(before, after));
    }

    /** Where each is told what others decided; they share one host. */
    private String peers() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < gateways.length; i++) {
            all.add("gateway-" + i + ": 127.0.0.1:" + peersPort(i));
        }
        return String.join(", ", all);
    }

    private Service started(int i) {
        String resolver = """
                dns: {hostname: %s, interval: 500ms, weir: {servers: ["%s"]}}""".formatted(SERVICE, dns.address());
        return Service.start(
                "gateway",
                directory,
                telemetryPort(i),
                file(
                        "127.0.0.1:" + otlpPort(i),
                        "gateway-" + i,
                        resolver,
                        "peers: {endpoint: 127.0.0.1:%d, endpoints: {%s}}".formatted(peersPort(i), peers()),
                        gracePeriod,
                        DECISION_WAIT,
                        backendPort),
                Map.of("WEIR_CONSOLE_PORT", "0"));
    }

    /**
     * The pipeline file of one gateway among others.
     *
     * @param resolver how it finds the others: one line of YAML
     * @param peers whom it tells what it decided: one line of YAML; empty: nobody
     */
    static String file(
            String listen,
            String name,
            String resolver,
            String peers,
            Duration gracePeriod,
            Duration decisionWait,
            int backendPort) {
        return """
                receivers:
                  otlp:
                    protocols:
                      grpc: {endpoint: %s}
                processors:
                  memory_limiter: {check_interval: 1s, limit_percentage: 80}
                  ownership:
                    name: %s
                    resolver:
                      %s
                    grace_period: %ds
                    %s
                    protocol:
                      otlp:
                        compression: none
                        tls: {insecure: true}
                        retry_on_failure: {initial_interval: 200ms, max_interval: 1s}
                  tail_sampling:
                    decision_wait: %ds
                    policies:
                %s
                exporters:
                  otlp:
                    endpoint: 127.0.0.1:%d
                    compression: none
                    timeout: 60s
                    tls: {insecure: true}
                service:
                  pipelines:
                    traces:
                      receivers: [otlp]
                      processors: [memory_limiter, ownership, tail_sampling]
                      exporters: [otlp]
                """.formatted(
                        listen,
                        name,
                        resolver,
                        gracePeriod.toSeconds(),
                        peers,
                        decisionWait.toSeconds(),
                        Topology.KEEP_SOME,
                        backendPort);
    }

    @Override
    public void close() throws IOException {
        all().forEach(Program::close);
        dns.close();
    }
}
