package weir.transport.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.Requests;

class GrpcReceiverTest {
    private Fixture fixture = NONE;
    private @Nullable ManagedChannel channel;

    @SuppressWarnings("NullAway") // Each test opens one.
    private static final Fixture NONE = null;

    private Fixture open(String section) throws Exception {
        fixture = new Fixture(section);
        channel = fixture.channel();
        return fixture;
    }

    private Fixture open() throws Exception {
        return open(Fixture.BOTH);
    }

    private ManagedChannel channel() {
        return java.util.Objects.requireNonNull(channel);
    }

    @AfterEach
    void close() {
        Fixture.stop(channel());
        fixture.close();
    }

    private byte[] export(Batch batch) {
        return Fixture.export(channel(), batch.signal(), batch.bytes(), null);
    }

    private StatusRuntimeException failure(Signal signal, byte[] request, @Nullable String compression) {
        return java.util.Objects.requireNonNull(catchThrowableOfType(
                StatusRuntimeException.class, () -> Fixture.export(channel(), signal, request, compression)));
    }

    private StatusRuntimeException failure(Batch batch) {
        return failure(batch.signal(), batch.bytes(), null);
    }

    static Stream<Arguments> signalsAndCompressions() {
        return Arrays.stream(Signal.values())
                .flatMap(signal -> Stream.of("identity", "gzip", "zstd", "deflate")
                        .map(compression -> Arguments.argumentSet(
                                signal.label() + " " + compression,
                                signal,
                                compression.equals("identity") ? null : compression)));
    }

    @ParameterizedTest
    @MethodSource("signalsAndCompressions")
    void export_arrivesByteForByte(Signal signal, @Nullable String compression) throws Exception {
        Batch batch = Requests.of(signal, "shop", 300);

        open();

        byte[] response = Fixture.export(channel(), signal, batch.bytes(), compression);

        assertThat(response).isEmpty();
        Batch came = fixture.consumer(signal).await(1).getFirst();
        assertThat(came.bytes()).isEqualTo(batch.bytes());
        assertThat(came.items()).isEqualTo(300);
        assertThat(fixture.metric(
                        "otelcol_receiver_accepted_" + signal.items(), "receiver", "otlp", "transport", "grpc"))
                .isEqualTo(300);
        assertThat(fixture.context.ledger().of(signal).deliveredItems()).isEqualTo(300);
    }

    @ParameterizedTest
    @EnumSource
    void export_empty_isSuccessAndNotPassedOn(Signal signal) throws Exception {
        open();
        assertThat(Fixture.export(channel(), signal, new byte[0], null)).isEmpty();
        assertThat(fixture.consumer(signal).batches()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void export_partlyTaken_saysHowMany(Signal signal) throws Exception {
        open().consumer(signal).answer(new Delivery.Partial(2, Reason.BACKEND_PARTIAL, "two were odd"));

        byte[] response = export(Requests.of(signal, "shop", 5));

        switch (signal) {
            case TRACES -> {
                var partial = ExportTraceServiceResponse.parseFrom(response).getPartialSuccess();
                assertThat(partial.getRejectedSpans()).isEqualTo(2);
                assertThat(partial.getErrorMessage()).isEqualTo("two were odd");
            }
            case METRICS ->
                assertThat(ExportMetricsServiceResponse.parseFrom(response)
                                .getPartialSuccess()
                                .getRejectedDataPoints())
                        .isEqualTo(2);
            case LOGS ->
                assertThat(ExportLogsServiceResponse.parseFrom(response)
                                .getPartialSuccess()
                                .getRejectedLogRecords())
                        .isEqualTo(2);
        }
        assertThat(fixture.metric("otelcol_receiver_accepted_" + signal.items()))
                .isEqualTo(3);
        assertThat(fixture.metric("otelcol_receiver_refused_" + signal.items())).isEqualTo(2);
    }

    @Test
    void export_retryLater_isUnavailableWithAtLeastThatDelay() throws Exception {
        open().consumer(Signal.TRACES)
                .answer(Delivery.retryLater(Duration.ofMillis(2500), Reason.MEMORY_LIMIT, "memory is short"));

        StatusRuntimeException failure = failure(Requests.traces("shop", 4));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.getStatus().getDescription()).isEqualTo("memory is short");
        assertThat(Fixture.retryDelay(failure)).isBetween(Duration.ofMillis(2500), Duration.ofMillis(3200));
        assertThat(fixture.metric("otelcol_receiver_refused_spans")).isEqualTo(4);
    }

    @Test
    void export_retryLaterWithoutADelay_isNeverZero() throws Exception {
        open().consumer(Signal.TRACES).answer(Delivery.retryLater(Duration.ZERO, Reason.QUEUE_FULL, "full"));

        assertThat(Fixture.retryDelay(failure(Requests.traces("shop", 1))))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @EnumSource
    void export_rejected_hasNoDelay(Reason reason) throws Exception {
        open().consumer(Signal.LOGS).answer(Delivery.rejected(reason, "no"));

        StatusRuntimeException failure = failure(Requests.logs("shop", 4));

        assertThat(failure.getStatus().getCode())
                .isEqualTo(
                        switch (reason) {
                            case MALFORMED, UNSUPPORTED -> Status.Code.INVALID_ARGUMENT;
                            case TOO_LARGE -> Status.Code.RESOURCE_EXHAUSTED;
                            default -> Status.Code.INTERNAL;
                        });
        assertThat(Fixture.retryDelay(failure)).isNull();
        assertThat(fixture.metric("otelcol_receiver_failed_log_records"))
                .isEqualTo(reason == Reason.INTERNAL_ERROR ? 4 : 0);
        assertThat(fixture.metric("otelcol_receiver_refused_log_records"))
                .isEqualTo(reason == Reason.INTERNAL_ERROR ? 0 : 4);
    }

    @Test
    void export_malformed_isInvalidArgument() throws Exception {
        open();
        StatusRuntimeException failure = failure(Signal.TRACES, new byte[] {0x0a, 0x7f, 1}, null);

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure.getStatus().getDescription()).contains("not an OTLP request of traces", "byte 1");
        assertThat(fixture.metric("weir_receiver_refused_requests", "reason", "malformed"))
                .isEqualTo(1);
        assertThat(export(Requests.traces("after", 1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "deflate"})
    void export_bomb_isResourceExhausted(String compression) throws Exception {
        open();
        StatusRuntimeException failure = failure(Signal.TRACES, new byte[32 << 20], compression);

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        fixture.awaitMetric(1, "weir_receiver_refused_requests", "reason", "too_large");
        assertThat(Fixture.retryDelay(failure)).isNull();
        assertThat(export(Requests.traces("after", 1))).isEmpty();
    }

    @Test
    void export_tooLargeAsSent_isResourceExhausted() throws Exception {
        open();
        StatusRuntimeException failure = failure(Signal.TRACES, new byte[5 << 20], null);

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        fixture.awaitMetric(1, "weir_receiver_refused_requests", "reason", "too_large");
        assertThat(export(Requests.traces("after", 1))).isEmpty();
    }

    /** Sends bytes that are not in the compression that the call names. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "deflate"})
    void export_notInItsCompression_isInvalidArgument(String compression) throws Exception {
        open();
        ManagedChannel lying = Fixture.builder(fixture.receiver.grpcAddress())
                .compressorRegistry(Fixture.notCompressing(compression))
                .build();
        try {
            StatusRuntimeException failure = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> Fixture.export(
                            lying, Signal.TRACES, "this is not it at all".getBytes(US_ASCII), compression));

            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        } finally {
            Fixture.stop(lying);
        }
    }

    @Test
    void export_unknownMethod_isUnimplemented() throws Exception {
        open();
        var method = Fixture.method(Signal.TRACES).toBuilder()
                .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Import")
                .build();
        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel(), method, CallOptions.DEFAULT, new byte[0]))
                .hasMessageStartingWith("UNIMPLEMENTED");
    }

    @Test
    void export_clientGoesAway_deliveryStillEndsOnce() throws Exception {
        open().consumer(Signal.TRACES).hold();
        ClientCall<byte[], byte[]> call = channel().newCall(Fixture.method(Signal.TRACES), CallOptions.DEFAULT);
        var _ = ClientCalls.futureUnaryCall(call, Requests.traces("shop", 7).bytes());
        fixture.consumer(Signal.TRACES).await(1);
        assertThat(fixture.context.held().bytes()).isPositive();

        call.cancel("gone", null);
        assertThat(export(Requests.of(Signal.LOGS, "after", 1))).isEmpty();
        assertThat(fixture.context.ledger().of(Signal.TRACES).heldItems()).isEqualTo(7);
        fixture.consumer(Signal.TRACES).completeNext(Delivery.ACCEPTED);

        assertThat(fixture.metric("otelcol_receiver_accepted_spans")).isEqualTo(7);
        fixture.awaitNothingHeld();
    }

    @Test
    void export_beyondTheBudget_isUnavailableWithADelay() throws Exception {
        open(Fixture.BOTH + "\nweir: {max_in_flight_mib: 4}")
                .consumer(Signal.TRACES)
                .hold();
        byte[] big = Requests.traces("x".repeat(1000), 1200).bytes();
        assertThat(big.length).isBetween(2 << 20, 4 << 20);
        var first =
                ClientCalls.futureUnaryCall(channel().newCall(Fixture.method(Signal.TRACES), CallOptions.DEFAULT), big);
        fixture.consumer(Signal.TRACES).await(1);

        StatusRuntimeException failure = failure(Signal.TRACES, big, null);

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(Fixture.retryDelay(failure)).isPositive();
        assertThat(fixture.metric("weir_listener_over_budget_requests")).isEqualTo(1);
        fixture.consumer(Signal.TRACES).answer(Delivery.ACCEPTED).completeNext(Delivery.ACCEPTED);
        assertThat(first.get()).isEmpty();
        assertThat(Fixture.export(channel(), Signal.TRACES, big, null)).isEmpty();
    }

    @Test
    void export_compressedBeyondTheBudget_isUnavailable() throws Exception {
        open(Fixture.BOTH + "\nweir: {max_in_flight_mib: 4}")
                .consumer(Signal.TRACES)
                .hold();
        byte[] big = Requests.traces("x".repeat(1000), 1200).bytes();
        var first = ClientCalls.futureUnaryCall(
                channel().newCall(Fixture.method(Signal.TRACES), CallOptions.DEFAULT.withCompression("gzip")), big);
        fixture.consumer(Signal.TRACES).await(1);

        assertThat(failure(Signal.TRACES, big, "gzip").getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);

        fixture.consumer(Signal.TRACES).completeNext(Delivery.ACCEPTED);
        first.get();
    }

    /** The same method for a client that may send nothing, or more than one message. */
    private static MethodDescriptor<byte[], byte[]> streaming() {
        return Fixture.method(Signal.TRACES).toBuilder()
                .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                .build();
    }

    @Test
    void call_thatNeverSendsItsMessage_isEnded() throws Exception {
        open(Fixture.BOTH + "\nweir: {body_timeout: 200ms}");
        ClientCall<byte[], byte[]> call = channel().newCall(streaming(), CallOptions.DEFAULT);
        var closed = new java.util.concurrent.CompletableFuture<Status>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        closed.complete(status);
                    }
                },
                new Metadata());
        call.request(1);

        assertThat(closed.get(10, java.util.concurrent.TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(fixture.metric("weir_listener_timeouts", "listener", "grpc")).isEqualTo(1);
    }

    @Test
    void connect_beyondTheLimit_isClosed() throws Exception {
        open(Fixture.BOTH + "\nweir: {max_connections: 1}");
        export(Requests.traces("first", 1));
        ManagedChannel second = fixture.channel();
        try {
            assertThatThrownBy(() -> Fixture.export(second, Signal.TRACES, new byte[0], null))
                    .hasMessageStartingWith("UNAVAILABLE");
        } finally {
            Fixture.stop(second);
        }
        assertThat(fixture.metric("weir_listener_refused_connections", "listener", "grpc"))
                .isPositive();
        assertThat(export(Requests.traces("first", 1))).isEmpty();
    }

    @Test
    void calls_moreThanAConnectionMayHave_waitTheirTurn() throws Exception {
        open("protocols: {grpc: {endpoint: 127.0.0.1:0, max_concurrent_streams: 2}}")
                .consumer(Signal.TRACES)
                .hold();
        var method = Fixture.method(Signal.TRACES);
        byte[] request = Requests.traces("shop", 1).bytes();
        var answers = Stream.generate(
                        () -> ClientCalls.futureUnaryCall(channel().newCall(method, CallOptions.DEFAULT), request))
                .limit(5)
                .toList();
        fixture.consumer(Signal.TRACES).await(2);

        for (int i = 0; i < 5; i++) {
            fixture.consumer(Signal.TRACES).await(i + 1);
            assertThat(fixture.consumer(Signal.TRACES).open()).isLessThanOrEqualTo(2);
            fixture.consumer(Signal.TRACES).completeNext(Delivery.ACCEPTED);
        }
        for (var answer : answers) {
            assertThat(answer.get()).isEmpty();
        }
    }

    /** Two messages in a unary call, which no proper client sends. */
    @Test
    void call_twoMessages_isInvalidArgument() throws Exception {
        open();
        ClientCall<byte[], byte[]> call = channel().newCall(streaming(), CallOptions.DEFAULT);
        var closed = new java.util.concurrent.CompletableFuture<Status>();
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        closed.complete(status);
                    }
                },
                new Metadata());
        call.request(1);
        byte[] request = Requests.traces("shop", 1).bytes();
        call.sendMessage(request);
        call.sendMessage(request);
        call.halfClose();

        assertThat(closed.get(10, java.util.concurrent.TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(fixture.consumer(Signal.TRACES).batches()).isEmpty();
    }
}
