package weir.transport.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import weir.config.Secret;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueueConfig;
import weir.otlp.Batch;
import weir.otlp.OtlpSamples;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Exporter;
import weir.testing.TestContexts;
import weir.testing.Waiting;
import weir.transport.client.GrpcSender;
import weir.transport.client.GrpcSettings;
import weir.transport.client.Sender;
import weir.transport.exporter.ExporterLimits;
import weir.transport.exporter.GrpcClientConfig;
import weir.transport.exporter.OtlpGrpcExporterConfig;
import weir.transport.exporter.OtlpGrpcExporterFactory;
import weir.transport.tls.TlsClientConfig;

/** What one listener takes reaches another whose limit is smaller. */
class LargeRequestTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SPANS = 30_000;

    @Test
    void export_tenMebibytesThatCameOverHttp_arriveWholeAtAGatewayOverGrpc() throws Exception {
        byte[] body = OtlpSamples.traces(1, SPANS / 30, 30);
        assertThat(body).hasSizeGreaterThan(9 << 20);
        try (Fixture agent = new Fixture();
                Fixture gateway = new Fixture()) {
            HttpResponse<Void> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                            + agent.receiver.httpAddress().getPort() + "/v1/traces"))
                                    .header("Content-Type", "application/x-protobuf")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            assertThat(response.statusCode()).isEqualTo(200);
            Batch came = agent.consumer(Signal.TRACES).batches().getFirst();
            ComponentContext context = TestContexts.of("exporter", "otlp", Signal.TRACES, gateway.timer);
            Exporter exporter = exporter(context, gateway, 0);
            exporter.start();

            exporter.consume(came, _ -> {});
            Waiting.until(LIMIT, () -> context.ledger().deliveredItems() == SPANS);
            exporter.close();

            assertThat(gateway.consumer(Signal.TRACES).batches()).hasSize(3).allMatch(part -> part.length() <= 4 << 20);
            assertThat(gateway.consumer(Signal.TRACES).items()).isEqualTo(SPANS);
            assertThat(context.ledger().difference()).isZero();
        }
    }

    @Test
    void export_gatewayTakesLessThanIsUsual_isCutAsItAsks() throws Exception {
        try (Fixture gateway = new Fixture("protocols: {grpc: {endpoint: 127.0.0.1:0, max_recv_msg_size_mib: 1}}")) {
            ComponentContext context = TestContexts.of("exporter", "otlp", Signal.TRACES, gateway.timer);
            Exporter exporter = exporter(context, gateway, 16);
            exporter.start();

            exporter.consume(OtlpSamples.traceBatch(1, SPANS / 30, 30), _ -> {});
            Waiting.until(LIMIT, () -> context.ledger().deliveredItems() == SPANS);
            exporter.close();

            assertThat(gateway.consumer(Signal.TRACES).items()).isEqualTo(SPANS);
        }
    }

    @Test
    void toMember_largeRequest_isCutAndKeepsItsWay() throws Exception {
        try (Fixture gateway = new Fixture()) {
            ComponentContext context = TestContexts.of("exporter", "load_balancing", Signal.TRACES, gateway.timer);
            GrpcSettings settings = client().settings(address(gateway));
            try (Sender sender = GrpcSender.toMember(context, settings, "gateway-0")) {
                sender.start();
                CompletableFuture<Delivery> answer = new CompletableFuture<>();
                sender.consume(OtlpSamples.traceBatch(1, SPANS / 30, 30).routed(7, true), answer::complete);
                assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(Delivery.ACCEPTED);
            }
            assertThat(gateway.consumer(Signal.TRACES).batches())
                    .hasSize(3)
                    .allMatch(part -> part.routedBy() == 7 && part.isForwarded());
        }
    }

    private static String address(Fixture gateway) {
        return "127.0.0.1:" + gateway.receiver.grpcAddress().getPort();
    }

    private static GrpcClientConfig client() {
        return new GrpcClientConfig(
                "none",
                TlsClientConfig.PLAINTEXT,
                Map.<String, Secret>of(),
                Duration.ofSeconds(10),
                false,
                "round_robin",
                null,
                "");
    }

    private static Exporter exporter(ComponentContext context, Fixture gateway, int maxRequestMib) throws Exception {
        return new OtlpGrpcExporterFactory()
                .create(
                        context,
                        new OtlpGrpcExporterConfig(
                                address(gateway),
                                client(),
                                SendingQueueConfig.DEFAULT,
                                RetryPolicy.DEFAULT,
                                new ExporterLimits(0, maxRequestMib)));
    }
}
