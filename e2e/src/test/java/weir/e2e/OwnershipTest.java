package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Account;
import weir.load.Ports;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;
import weir.testing.DnsServer;

/**
 * Gateways without an agent: clients send to any of them, and the gateways, which find each other by SRV records, send on what
 * is another's. Nothing is lost and no trace is split, also while one of them restarts.
 */
class OwnershipTest {
    /** What keeps a trace is in its first span: a gateway that stops decides by the spans that it has. */
    private static final Shape SHAPE = new Shape(128, 8, 4, 4, 0, 2, 0);

    private static final double RATE = 8_000;
    private static final int GATEWAYS = 2;
    private static final Duration A_WHILE = Duration.ofSeconds(30);
    private static final Duration DECISION_WAIT = Duration.ofSeconds(6);
    private static final String SERVICE = "_otlp-grpc._tcp.gateway.weir.test";

    private final int[] ports = Ports.free(2 * GATEWAYS);
    private final List<Service> gateways = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void clientsSendToAnyGateway_andOneRestarts_losesAndSplitsNothing() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                DnsServer dns = new DnsServer()) {
            String[] targets = new String[GATEWAYS];
            for (int i = 0; i < GATEWAYS; i++) {
                dns.addresses("gateway-" + i + ".gateway.weir.test", "127.0.0.1");
                targets[i] = "gateway-" + i + ".gateway.weir.test:" + ports[2 * i];
            }
            dns.services(SERVICE, targets);
            try {
                for (int i = 0; i < GATEWAYS; i++) {
                    gateways.add(start(i, dns, backend));
                }
                gateways.forEach(Service::awaitReady);
                try (Sender sender = new Sender(SHAPE, addresses(), 4, RATE, 7)) {
                    Await.pause(3_000);
                    assertThat(spans(0, "forwarded") / received(0))
                            .as("what a gateway was sent that is another's")
                            .isBetween(0.3, 0.7);
                    assertThat(spans(0, "chosen") / spans(1, "forwarded"))
                            .as("what was sent on to it and not looked at again")
                            .isGreaterThan(0.5);

                    assertThat(gateways.get(1).terminate(A_WHILE)).isZero();
                    gateways.set(1, start(1, dns, backend).awaitReady());
                    Await.pause(3_000);
                    sender.stop();
                    settle();
                    assertNothingLost(sender, backend.account(sender.traces(), sender.unacknowledged(), false));
                }
            } finally {
                gateways.forEach(Program::close);
            }
        }
    }

    private Service start(int i, DnsServer dns, Sink backend) {
        return Service.start(
                "gateway",
                directory,
                ports[2 * i + 1],
                """
                receivers:
                  otlp:
                    protocols:
                      grpc: {endpoint: 127.0.0.1:%d}
                processors:
                  memory_limiter: {check_interval: 1s, limit_percentage: 80}
                  ownership:
                    name: gateway-%d
                    resolver:
                      dns: {hostname: %s, interval: 500ms, weir: {servers: ["%s"]}}
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
                                ports[2 * i],
                                i,
                                SERVICE,
                                dns.address(),
                                DECISION_WAIT.toSeconds(),
                                Topology.KEEP_SOME,
                                backend.port()),
                Map.of("WEIR_CONSOLE_PORT", "0"));
    }

    private List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < GATEWAYS; i++) {
            addresses.add("127.0.0.1:" + ports[2 * i]);
        }
        return addresses;
    }

    private double received(int gateway) {
        return spans(gateway, "forwarded") + spans(gateway, "found");
    }

    private double spans(int gateway, String how) {
        return gateways.get(gateway).metrics().sum("weir_ownership_spans_total", "how", how);
    }

    private void settle() {
        for (Service gateway : gateways) {
            Await.until(
                    gateway + " holding nothing",
                    A_WHILE.plus(DECISION_WAIT),
                    () -> gateway.held() == 0,
                    () -> gateway.metrics().text());
        }
        for (Service gateway : gateways) {
            assertThat(gateway.metrics().imbalance())
                    .as("ledger of %s", gateway)
                    .isEmpty();
        }
    }

    private static void assertNothingLost(Sender sender, Account account) {
        assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
        assertThat(account.mustArrive()).isPositive();
        assertThat(account.missing())
                .as("slow traces that did not arrive: %s", account)
                .isZero();
        assertThat(account.tracesSplit()).as("split traces: %s", account).isZero();
        assertThat(account.spansForeign()).isZero();
    }
}
