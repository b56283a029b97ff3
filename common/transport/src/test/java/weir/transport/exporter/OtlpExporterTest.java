package weir.transport.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.exporter.queue.RetryPolicy;
import weir.exporter.queue.SendingQueueConfig;
import weir.flow.SystemTimer;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Exporter;
import weir.pipeline.Reason;
import weir.testing.TestContexts;
import weir.transport.client.Deliveries;
import weir.transport.client.GrpcBackend;
import weir.transport.tls.TlsClientConfig;

/** Exporter, queue, sender and a backend together. */
class OtlpExporterTest {
    private final SystemTimer timer = new SystemTimer();
    private final ComponentContext context = TestContexts.of("exporter", "otlp", Signal.TRACES, timer);

    @AfterEach
    void everyItemIsAccountedFor() {
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
        assertThat(context.held().bytes()).isZero();
        timer.close();
    }

    @Test
    void consume_backendRefusesMostTries_losesNothing() throws Exception {
        try (GrpcBackend backend = new GrpcBackend()) {
            for (int i = 0; i < 300; i++) {
                backend.then(
                        ThreadLocalRandom.current().nextInt(10) < 7 ? Status.UNAVAILABLE : Status.OK,
                        new byte[0],
                        new Metadata());
            }
            Exporter exporter = exporter(backend.port());
            List<Delivery> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                exporter.consume(Deliveries.batch(Signal.TRACES), answers::add);
            }

            assertThat(exporter.drain(Duration.ofSeconds(20))).isTrue();
            exporter.close();

            assertThat(answers).hasSize(100).containsOnly(Delivery.ACCEPTED);
            assertThat(context.ledger().deliveredItems()).isEqualTo(700);
        }
    }

    @Test
    void close_backendIsGone_countsWhatWasHeld() throws Exception {
        int port;
        try (GrpcBackend backend = new GrpcBackend()) {
            port = backend.port();
        }
        Exporter exporter = exporter(port);
        ConcurrentLinkedQueue<Delivery> answers = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 20; i++) {
            exporter.consume(Deliveries.batch(Signal.TRACES), answers::add);
        }

        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (exporter.trouble().isEmpty() && System.nanoTime() < until) {
            assertThat(exporter.drain(Duration.ofMillis(20))).isFalse();
        }
        assertThat(exporter.trouble()).contains("127.0.0.1:" + port);
        exporter.close();

        assertThat(answers).hasSize(20).containsOnly(Delivery.ACCEPTED);
        assertThat(context.ledger().droppedItems(Reason.SHUTDOWN_INCOMPLETE)).isEqualTo(140);
        assertThat(context.metrics().value("otelcol_exporter_send_failed_spans", "exporter", "otlp"))
                .isEqualTo(140);
    }

    private Exporter exporter(int port) throws Exception {
        RetryPolicy retry =
                new RetryPolicy(true, Duration.ofMillis(5), 0.5, 1.5, Duration.ofMillis(50), Duration.ofMinutes(5));
        Exporter exporter = new OtlpGrpcExporterFactory()
                .create(
                        context,
                        new OtlpGrpcExporterConfig(
                                "127.0.0.1:" + port,
                                new GrpcClientConfig(
                                        "gzip",
                                        TlsClientConfig.PLAINTEXT,
                                        Map.of(),
                                        Duration.ofSeconds(5),
                                        false,
                                        "round_robin",
                                        null,
                                        ""),
                                SendingQueueConfig.DEFAULT,
                                retry,
                                ExporterLimits.DEFAULT));
        exporter.start();
        return exporter;
    }
}
