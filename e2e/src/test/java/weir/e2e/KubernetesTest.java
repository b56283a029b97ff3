package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Ports;
import weir.load.Sender;
import weir.load.Sink;

/**
 * Members found through a real API server of Kubernetes: an agent and gateways with the rights of one Role watch the
 * EndpointSlices that the real controller writes.
 */
@Tag("peers")
class KubernetesTest {
    private static final double RATE = 4_000;
    private static final Duration A_WHILE = Duration.ofSeconds(40);

    /** Longer than the part of a second that a change of the members waits. */
    private static final long SPREAD_MILLIS = 1_200;

    @TempDir
    static Path clusterDirectory;

    @SuppressWarnings("NullAway.Init") // Set before all tests; none, if it does not come up.
    private static ControlPlane kubernetes;

    @TempDir
    Path directory;

    @BeforeAll
    static void startCluster() throws Exception {
        kubernetes = new ControlPlane(clusterDirectory);
    }

    @AfterAll
    static void stopCluster() {
        if (kubernetes != null) {
            kubernetes.close();
        }
    }

    @Test
    void gatewaysComeRestartAndGo_andTheApiServerRestarts_losesAndSplitsNothing() throws Exception {
        try (Sink backend = new Sink(Fleet.SHAPE, 0);
                StatefulGateways gateways =
                        new StatefulGateways(kubernetes, "telemetry", directory, 3, backend.port())) {
            for (int i = 0; i < 2; i++) {
                gateways.create(i);
                gateways.start(i);
            }
            for (int i = 0; i < 2; i++) {
                gateways.all().get(i).awaitReady();
                gateways.ready(i, true);
            }
            int[] ports = Ports.free(3);
            try (Service agent = agent("agent", ports, gateways);
                    Sender sender = new Sender(
                            Fleet.SHAPE,
                            List.of("127.0.0.1:" + ports[0], "127.0.0.1:" + ports[1], gateways.address(0)),
                            6,
                            RATE,
                            23)) {
                List<Service> all = new ArrayList<>(gateways.all());
                all.add(agent);
                agent.awaitReady();
                awaitMembers(all, 2);
                awaitSpans(backend, 1);

                // A pod that was never ready is none of them, although its service publishes it.
                Map<Service, List<Double>> looks = looks(all);
                gateways.create(2);
                awaitLooksAfter(looks);
                assertThat(gateways.notServing()).isEqualTo(1);
                Await.pause(SPREAD_MILLIS);
                awaitMembers(all, 2);
                Service third = gateways.start(2).awaitReady();
                gateways.ready(2, true);
                all.add(third);
                awaitMembers(all, 3);

                // One restarts: it is an owner while it is not ready, while it is gone, and at its new address.
                Service second = all.remove(1);
                gateways.stop(1);
                assertThat(second.alive()).isFalse();
                looks = looks(all);
                gateways.ready(1, false);
                awaitLooksAfter(looks);
                assertThat(gateways.notServing()).isEqualTo(1);
                gateways.delete(1);
                awaitAway(all, 1);
                awaitMembers(all, 3);
                gateways.create(1);
                all.add(1, gateways.start(1).awaitReady());
                gateways.ready(1, true);
                awaitAway(all, 0);
                awaitMembers(all, 3);
                awaitSpans(backend, backend.spans() + 1_000);

                // The API server is away, and all goes on as it was.
                String version = gateways.version();
                kubernetes.down();
                long before = backend.spans();
                Await.pause(2_000);
                awaitSpans(backend, before + 1_000);
                awaitMembers(all, 3);
                kubernetes.up();
                assertThat(gateways.firstEventSince(version))
                        .as("a watch from before")
                        .contains("too old resource version");

                // What changes after it is seen: one leaves for good.
                gateways.delete(2);
                awaitAway(all, 1);
                awaitMembers(all, 2);
                Await.until(third + " holding nothing", A_WHILE, () -> third.held() == 0);
                all.remove(third);
                gateways.stop(2);

                sender.stop();
                Balance.settle(all, A_WHILE);
                Balance.assertNothingLost(sender, backend.account(sender.traces(), sender.unacknowledged(), false));
                assertThat(all).allSatisfy(Service::assertQuiet);
            }
        }
    }

    @Test
    void anAccountWithoutRights_isToldOfThem_andGoesOnWhenItHasThem() throws Exception {
        try (Sink backend = new Sink(Fleet.SHAPE, 0);
                StatefulGateways gateways = new StatefulGateways(kubernetes, "guarded", directory, 1, backend.port())) {
            gateways.create(0);
            Service gateway = gateways.start(0).awaitReady();
            int[] ports = Ports.free(3);
            try (Service stranger = agent("stranger", ports, gateways).awaitRunning();
                    Sender sender = new Sender(Fleet.SHAPE, List.of("127.0.0.1:" + ports[0]), 2, RATE, 29)) {
                String lacks = "may not list endpointslices of service gateway in namespace guarded: a Role must allow"
                        + " get, list and watch of endpointslices in discovery.k8s.io there";
                Await.until("the reason", A_WHILE, () -> stranger.whyNotReady().contains(lacks), stranger::whyNotReady);
                assertThat(stranger.stdout()).contains(lacks);
                Await.until("refusals", A_WHILE, () -> sender.refusals() > 0);

                gateways.allow("stranger");
                stranger.awaitReady();
                awaitMembers(List.of(stranger), 1);
                awaitSpans(backend, 1_000);
                sender.stop();
                Balance.settle(List.of(gateway, stranger), A_WHILE);
                Balance.assertNothingLost(sender, backend.account(sender.traces(), sender.unacknowledged(), false));
                stranger.assertQuiet();
            }
        }
    }

    private Service agent(String account, int[] ports, StatefulGateways gateways) throws Exception {
        Map<String, String> environment = new HashMap<>(kubernetes.withKubeconfig(gateways.namespace(), account));
        environment.put("WEIR_JAVA_OPTS", gateways.javaOptions());
        return Service.start(
                "agent",
                directory,
                ports[2],
                """
                receivers:
                  otlp/by_names:
                    protocols:
                      grpc: {endpoint: 127.0.0.1:%1$d}
                  otlp/by_addresses:
                    protocols:
                      grpc: {endpoint: 127.0.0.1:%2$d}
                exporters:
                  load_balancing/by_names:
                    resolver:
                      k8s: {service: gateway.%5$s, ports: [%3$d], return_hostnames: true}
                    protocol: &protocol
                      otlp:
                        compression: none
                        tls: {insecure: true}
                        retry_on_failure: {initial_interval: 200ms, max_interval: 1s}
                    weir: {grace_period: %4$ds}
                  load_balancing/by_addresses:
                    resolver:
                      k8s: {service: direct.%5$s, ports: [%3$d]}
                    protocol: *protocol
                    weir: {grace_period: %4$ds}
                service:
                  pipelines:
                    traces/by_names: {receivers: [otlp/by_names], exporters: [load_balancing/by_names]}
                    traces/by_addresses: {receivers: [otlp/by_addresses], exporters: [load_balancing/by_addresses]}
                """.formatted(
                        ports[0], ports[1], gateways.port(), StatefulGateways.GRACE.toSeconds(), gateways.namespace()),
                environment);
    }

    private static void awaitMembers(List<Service> services, int members) {
        awaitGauge("otelcol_loadbalancer_num_backends", services, members);
    }

    private static void awaitAway(List<Service> services, int members) {
        awaitGauge("weir_members_away", services, members);
    }

    /** Until every component of all of them that has members says so. */
    private static void awaitGauge(String name, List<Service> services, int value) {
        for (Service service : services) {
            Await.asserted(
                    A_WHILE,
                    () -> assertThat(service.metrics().samples())
                            .as("%s of %s", name, service)
                            .filteredOn(sample -> sample.name().equals(name))
                            .isNotEmpty()
                            .allSatisfy(sample -> assertThat(sample.labels()).containsEntry("resolver", "k8s"))
                            .allSatisfy(sample -> assertThat(sample.value()).isEqualTo(value)));
        }
    }

    /** How often each component of each service has been told of members. */
    private static Map<Service, List<Double>> looks(List<Service> services) {
        Map<Service, List<Double>> looks = new HashMap<>();
        services.forEach(service -> looks.put(service, looks(service)));
        return looks;
    }

    private static List<Double> looks(Service service) {
        return service.metrics().samples().stream()
                .filter(sample -> sample.name().equals("otelcol_loadbalancer_num_resolutions_total"))
                .filter(sample -> "true".equals(sample.labels().get("success")))
                .map(Scrape.Sample::value)
                .toList();
    }

    /** Until each component of each service was told of members again. */
    private static void awaitLooksAfter(Map<Service, List<Double>> before) {
        before.forEach((service, then) -> Await.until(service + " looking again", A_WHILE, () -> {
            List<Double> now = looks(service);
            return IntStream.range(0, then.size()).allMatch(i -> now.get(i) > then.get(i));
        }));
    }

    private static void awaitSpans(Sink backend, long spans) {
        Await.until(spans + " spans at the backend", A_WHILE, () -> backend.spans() >= spans);
    }
}
