package weir.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weir.load.Account;
import weir.load.Ports;
import weir.load.Sender;
import weir.load.Sink;

/** An agent in front of gateways in front of one backend, each a process of its own on loopback. */
final class Topology implements AutoCloseable {
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    /** What stands before the commands, and what the gateways' environment has besides. */
    record Boxes(List<String> agent, List<String> gateway, Map<String, String> gatewayEnvironment) {
        static final Boxes NONE = new Boxes(List.of(), List.of(), Map.of());
    }

    /** Keeps errors, what is slower than 2 s, and 10 % of the rest. */
    static final String KEEP_SOME = """
                      - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                      - {name: slow, type: latency, latency: {threshold_ms: 2000}}
                      - {name: some, type: probabilistic, probabilistic: {sampling_percentage: 10}}
            """;

    /** Keeps all, so that each span can be accounted for. */
    static final String KEEP_ALL = """
                      - {name: all, type: always_sample}
            """;

    /** A gateway's pipeline file: holds traces for a while, and keeps those that policies say. */
    private static String gatewayFile(int grpcPort, int backendPort, Duration decisionWait, String policies) {
        return """
                receivers:
                  otlp:
                    protocols:
                      grpc: {endpoint: 127.0.0.1:%d}
                processors:
                  memory_limiter: {check_interval: 1s, limit_percentage: 80}
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
                    retry_on_failure: {initial_interval: 200ms, max_interval: 1s}
                service:
                  pipelines:
                    traces: {receivers: [otlp], processors: [memory_limiter, tail_sampling], exporters: [otlp]}
                """.formatted(grpcPort, decisionWait.toSeconds(), policies, backendPort);
    }

    private static String agentFile(int grpcPort, int httpPort, int... gatewayPorts) {
        List<String> hosts = new ArrayList<>();
        for (int port : gatewayPorts) {
            hosts.add("127.0.0.1:" + port);
        }
        return """
                receivers:
                  otlp:
                    protocols:
                      grpc: {endpoint: 127.0.0.1:%d}
                      http: {endpoint: 127.0.0.1:%d}
                processors:
                  memory_limiter: {check_interval: 1s, limit_percentage: 80}
                exporters:
                  load_balancing:
                    protocol:
                      otlp:
                        compression: none
                        tls: {insecure: true}
                        retry_on_failure: {initial_interval: 200ms, max_interval: 1s}
                    resolver:
                      static: {hostnames: [%s]}
                service:
                  pipelines:
                    traces: {receivers: [otlp], processors: [memory_limiter], exporters: [load_balancing]}
                """.formatted(grpcPort, httpPort, String.join(", ", hosts));
    }

    private final Path directory;
    private final int[] ports;
    private final int backendPort;
    private final Duration decisionWait;
    private final String policies;
    private final Boxes boxes;
    private final List<Service> gateways = new ArrayList<>();
    private Service agent;

    /** Starts an agent and gateways, which decide after 2 s, and waits until all are ready. */
    Topology(Path directory, int gatewayCount, int backendPort) {
        this(directory, gatewayCount, backendPort, Duration.ofSeconds(2));
    }

    /** @param decisionWait must be longer than any pause in sending, or what comes after it is late for the decision */
    Topology(Path directory, int gatewayCount, int backendPort, Duration decisionWait) {
        this(directory, gatewayCount, backendPort, decisionWait, KEEP_SOME);
    }

    /** @param policies lines of the file, such as {@link #KEEP_ALL} */
    Topology(Path directory, int gatewayCount, int backendPort, Duration decisionWait, String policies) {
        this(directory, gatewayCount, backendPort, decisionWait, policies, Boxes.NONE);
    }

    Topology(Path directory, int gatewayCount, int backendPort, Duration decisionWait, String policies, Boxes boxes) {
        this.boxes = boxes;
        this.decisionWait = decisionWait;
        this.policies = policies;
        this.directory = directory;
        this.backendPort = backendPort;
        this.ports = Ports.free(3 + 2 * gatewayCount);
        for (int i = 0; i < gatewayCount; i++) {
            gateways.add(startGateway(i));
        }
        agent = startAgent();
        gateways.forEach(Service::awaitReady);
        agent.awaitReady();
    }

    private Service startGateway(int i) {
        Map<String, String> environment = new HashMap<>(Map.of("WEIR_CONSOLE_PORT", "0"));
        environment.putAll(boxes.gatewayEnvironment());
        return Service.start(
                "gateway",
                directory,
                ports[4 + 2 * i],
                gatewayFile(ports[3 + 2 * i], backendPort, decisionWait, policies),
                environment,
                boxes.gateway());
    }

    private Service startAgent() {
        int[] gatewayPorts = new int[gateways.size()];
        for (int i = 0; i < gatewayPorts.length; i++) {
            gatewayPorts[i] = ports[3 + 2 * i];
        }
        return Service.start(
                "agent", directory, ports[2], agentFile(ports[0], ports[1], gatewayPorts), Map.of(), boxes.agent());
    }

    Service agent() {
        return agent;
    }

    Service gateway(int i) {
        return gateways.get(i);
    }

    /** Starts the i-th gateway anew, after it was ended. */
    void restartGateway(int i) {
        gateways.set(i, startGateway(i).awaitReady());
    }

    /** Starts the agent anew, after it was ended. */
    void restartAgent() {
        agent = startAgent().awaitReady();
    }

    String grpc() {
        return "127.0.0.1:" + ports[0];
    }

    String http() {
        return "http://127.0.0.1:" + ports[1];
    }

    List<Service> all() {
        List<Service> all = new ArrayList<>(gateways);
        all.add(agent);
        return all;
    }

    /** Waits until nothing is inside any more, and has every account balance. */
    void settle() {
        Balance.settle(all(), A_WHILE.plus(decisionWait));
    }

    /** Nothing crashed, nothing was logged as a defect, and no log was flooded. */
    void assertQuiet() {
        all().forEach(Service::assertQuiet);
    }

    /** Stops sending and waits until nothing is inside any more; every account must balance then. */
    Account settle(Sender sender, Sink backend) throws InterruptedException {
        sender.stop();
        settle();
        return backend.account(sender.traces(), sender.unacknowledged(), false);
    }

    @Override
    public void close() {
        all().forEach(Program::close);
    }
}
