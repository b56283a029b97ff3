package weir.transport.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.config.Secret;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.testing.Requests;
import weir.testing.TestContexts;
import weir.transport.client.GrpcSender;
import weir.transport.client.GrpcSettings;
import weir.transport.client.Sender;
import weir.transport.tls.TlsClientConfig;

/** What one process of Weir tells another of a request's way, from the sender's batch to the receiver's. */
class MemberHeadersTest {
    private final Fixture fixture;
    private final ComponentContext context;

    MemberHeadersTest() throws Exception {
        fixture = new Fixture();
        context = TestContexts.of("exporter", "load_balancing", Signal.TRACES, fixture.timer);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void send_toAMember_arrivesWithTheWayThatItTook() throws Exception {
        try (Sender sender = GrpcSender.toMember(context, settings(Map.of()), "gateway-0")) {
            sender.start();
            assertThat(arrived(sender, spans().routed(0x9e3779b97f4a7c15L, true)))
                    .satisfies(batch -> {
                        assertThat(batch.routedBy()).isEqualTo(0x9e3779b97f4a7c15L);
                        assertThat(batch.isForwarded()).isTrue();
                    });
            assertThat(arrived(sender, spans().routed(7, false))).satisfies(batch -> {
                assertThat(batch.routedBy()).isEqualTo(7);
                assertThat(batch.isForwarded()).isFalse();
            });
        }
    }

    @Test
    void send_toABackend_saysNothingOfItAndWhatCannotBeReadIsAbsent() throws Exception {
        Map<String, Secret> nonsense =
                Map.of("weir-members", new Secret("no number"), "weir-forwarded", new Secret("x"));
        for (Map<String, Secret> headers : List.of(Map.<String, Secret>of(), nonsense)) {
            try (GrpcSender sender = new GrpcSender(context, settings(headers), "")) {
                sender.start();
                assertThat(arrived(sender, spans().routed(7, true))).satisfies(batch -> {
                    assertThat(batch.routedBy()).isZero();
                    assertThat(batch.isForwarded()).isFalse();
                });
            }
        }
    }

    private static Batch spans() {
        return Requests.traces("span", 3);
    }

    private Batch arrived(Sender sender, Batch batch) throws Exception {
        CompletableFuture<Delivery> answer = new CompletableFuture<>();
        sender.consume(batch, answer::complete);
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(Delivery.ACCEPTED);
        return fixture.consumer(Signal.TRACES).batches().getLast();
    }

    private GrpcSettings settings(Map<String, Secret> headers) {
        return new GrpcSettings(
                "127.0.0.1:" + fixture.receiver.grpcAddress().getPort(),
                "none",
                TlsClientConfig.PLAINTEXT,
                headers,
                Duration.ofSeconds(5),
                false,
                "pick_first",
                null,
                "");
    }
}
