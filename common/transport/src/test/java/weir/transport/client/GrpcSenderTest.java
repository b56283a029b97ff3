package weir.transport.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.Secret;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.TestContexts;
import weir.transport.tls.TlsClientConfig;

class GrpcSenderTest {
    private GrpcBackend backend;
    private GrpcSender sender;

    @BeforeEach
    void open() throws IOException {
        backend = new GrpcBackend();
        sender = sender(Signal.TRACES, settings("none", Duration.ofSeconds(5)));
    }

    @AfterEach
    void close() {
        sender.close();
        backend.close();
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void consume_batch_arrivesAsItIs(Signal signal) throws Exception {
        Batch batch = Deliveries.batch(signal);
        try (GrpcSender own = sender(signal, settings("none", Duration.ofSeconds(5)))) {
            assertThat(Deliveries.of(own, batch)).isEqualTo(Delivery.ACCEPTED);
        }

        GrpcBackend.Request request = backend.next();
        assertThat(request.bytes()).isEqualTo(Deliveries.bytes(batch));
        assertThat(request.method()).isEqualTo(signal.grpcMethod());
        assertThat(request.header("x-tenant")).isEqualTo("blue");
        assertThat(request.header("user-agent")).startsWith("Weir/0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"})
    void consume_withCompression_arrivesAsItWas(String compression) throws Exception {
        Batch batch = Deliveries.batch(Signal.TRACES);
        try (GrpcSender own = sender(Signal.TRACES, settings(compression, Duration.ofSeconds(5)))) {
            assertThat(Deliveries.of(own, batch)).isEqualTo(Delivery.ACCEPTED);
        }

        GrpcBackend.Request request = backend.next();
        assertThat(request.header("grpc-encoding")).isEqualTo(compression);
        assertThat(request.bytes()).isEqualTo(Deliveries.bytes(batch));
    }

    @ParameterizedTest
    @EnumSource(Status.Code.class)
    void consume_backendAnswersAStatus_retriesWhatMayPass(Status.Code code) throws Exception {
        backend.then(code.toStatus().withDescription("because"));

        Delivery delivery = Deliveries.of(sender, Deliveries.batch(Signal.TRACES));

        switch (code) {
            case OK -> assertThat(delivery).isEqualTo(Delivery.ACCEPTED);
            case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS, RESOURCE_EXHAUSTED ->
                assertThat(delivery).isInstanceOfSatisfying(Delivery.RetryLater.class, later -> {
                    assertThat(later.reason()).isEqualTo(Reason.BACKEND_UNAVAILABLE);
                    assertThat(later.message()).contains(code.name()).contains("because");
                    assertThat(later.after()).isZero();
                });
            default ->
                assertThat(delivery).isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> {
                    assertThat(rejected.reason()).isEqualTo(Reason.BACKEND_REJECTED);
                    assertThat(rejected.message()).contains(code.name()).contains("because");
                });
        }
    }

    @Test
    void consume_inTheContextOfACallThatEnds_isNotCancelledWithIt() throws Exception {
        CompletableFuture<Delivery> delivery = new CompletableFuture<>();
        Context.CancellableContext call = Context.current().withCancellation();

        call.run(() -> {
            sender.consume(Deliveries.batch(Signal.TRACES), delivery::complete);
            call.cancel(null);
        });

        assertThat(delivery.get(10, TimeUnit.SECONDS)).isEqualTo(Delivery.ACCEPTED);
    }

    @Test
    void consume_retryInfo_isKeptTo() throws Exception {
        backend.then(Status.UNAVAILABLE, new byte[0], GrpcBackend.retryInfo(12, 500_000_000));

        Delivery delivery = Deliveries.of(sender, Deliveries.batch(Signal.TRACES));

        assertThat(Deliveries.after(delivery)).isEqualTo(Duration.ofMillis(12_500));
    }

    @Test
    void consume_partialSuccess_saysHowManyAreLost() throws Exception {
        byte[] partial = GrpcBackend.message(out -> {
            out.writeInt64(1, 3);
            out.writeString(2, "no\nroom");
        });
        backend.then(Status.OK, GrpcBackend.message(out -> out.writeByteArray(1, partial)), new Metadata());

        Delivery delivery = Deliveries.of(sender, Deliveries.batch(Signal.TRACES));

        assertThat(delivery).isInstanceOfSatisfying(Delivery.Partial.class, p -> {
            assertThat(p.rejectedItems()).isEqualTo(3);
            assertThat(p.message()).endsWith("no room");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grpc: received message larger than max (10485790 vs. 4194304)",
                "gRPC message exceeds maximum size 4194304: 10485790",
                "Decompressed gRPC message exceeds maximum size 4194304",
                "SERVER: Received message larger than max (10485790 vs. 4194304)",
                "the message is larger than 4194304 bytes"
            })
    void consume_backendSaysTooLarge_isNotTriedAgainAsItIs(String words) throws Exception {
        backend.then(Status.RESOURCE_EXHAUSTED.withDescription(words), new byte[0], new Metadata());

        Delivery delivery = Deliveries.of(sender, Deliveries.batch(Signal.TRACES));

        assertThat(delivery)
                .isInstanceOfSatisfying(
                        Delivery.Rejected.class, r -> assertThat(r.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void consume_answerTooLarge_isNotRead() throws Exception {
        backend.then(Status.OK, new byte[5 << 20], new Metadata());

        Delivery delivery = Deliveries.of(sender, Deliveries.batch(Signal.TRACES));

        assertThat(delivery).isInstanceOf(Delivery.RetryLater.class);
    }

    /** As when a backend is killed while a call is written. */
    @Test
    void mayComeAgain_connectionEnded_yesButNotWhatTheBackendSaid() {
        Status unknown = Status.UNKNOWN.withDescription("channel closed");

        assertThat(GrpcSender.mayComeAgain(unknown.withCause(new java.nio.channels.ClosedChannelException())))
                .isTrue();
        assertThat(GrpcSender.mayComeAgain(unknown)).isFalse();
        assertThat(GrpcSender.mayComeAgain(unknown.withCause(new IllegalStateException())))
                .isFalse();
    }

    @Test
    void consume_answersAreGarbage_statusDecides() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            byte[] garbage = new byte[random.nextInt(100)];
            random.nextBytes(garbage);
            Metadata trailers = new Metadata();
            trailers.put(GrpcBackend.DETAILS, garbage);
            backend.then(i % 2 == 0 ? Status.OK : Status.UNAVAILABLE, garbage, trailers);

            Delivery delivery = Deliveries.of(sender, Deliveries.batch(Signal.TRACES));

            if (i % 2 == 0) {
                assertThat(delivery).isInstanceOfAny(Delivery.Accepted.class, Delivery.Partial.class);
            } else {
                assertThat(delivery).isInstanceOf(Delivery.RetryLater.class);
            }
        }
    }

    @Test
    void consume_noAnswerInTime_comesBackLater() throws Exception {
        backend.then(null, new byte[0], new Metadata());
        try (GrpcSender own = sender(Signal.TRACES, settings("none", Duration.ofMillis(200)))) {
            Delivery delivery = Deliveries.of(own, Deliveries.batch(Signal.TRACES));

            assertThat(delivery)
                    .isInstanceOfSatisfying(
                            Delivery.RetryLater.class,
                            r -> assertThat(r.message()).contains("DEADLINE_EXCEEDED"));
        }
    }

    @Test
    void consume_nobodyListens_comesBackLaterAndFindsTheBackendWhenItIsBack() throws Exception {
        int port = backend.port();
        backend.close();

        Delivery refused = Deliveries.of(sender, Deliveries.batch(Signal.TRACES));
        assertThat(refused)
                .isInstanceOfSatisfying(
                        Delivery.RetryLater.class, r -> assertThat(r.message()).contains("127.0.0.1:" + port));

        backend = new GrpcBackend(port, null, null);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        Delivery delivery = refused;
        while (!delivery.equals(Delivery.ACCEPTED) && System.nanoTime() < until) {
            delivery = Deliveries.of(sender, Deliveries.batch(Signal.TRACES));
        }
        assertThat(delivery).isEqualTo(Delivery.ACCEPTED);
    }

    @Test
    void close_inFlight_endsTheDelivery() throws Exception {
        backend.then(null, new byte[0], new Metadata());
        CompletableFuture<Delivery> end = new CompletableFuture<>();
        sender.consume(Deliveries.batch(Signal.TRACES), end::complete);
        backend.next();

        sender.close();

        assertThat(end.get(10, TimeUnit.SECONDS)).isInstanceOf(Delivery.RetryLater.class);
        assertThat(Deliveries.of(sender, Deliveries.batch(Signal.TRACES))).isInstanceOf(Delivery.RetryLater.class);
    }

    private GrpcSettings settings(String compression, Duration timeout) {
        return new GrpcSettings(
                "127.0.0.1:" + backend.port(),
                compression,
                TlsClientConfig.PLAINTEXT,
                Map.of("x-tenant", new Secret("blue")),
                timeout,
                false,
                "round_robin",
                null,
                "");
    }

    private static GrpcSender sender(Signal signal, GrpcSettings settings) throws IOException {
        GrpcSender sender = new GrpcSender(TestContexts.of("exporter", "otlp", signal), settings, "");
        sender.start();
        return sender;
    }
}
