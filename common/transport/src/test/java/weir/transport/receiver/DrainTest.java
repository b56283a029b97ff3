package weir.transport.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Delivery;
import weir.testing.Requests;

class DrainTest {
    private static final int REQUESTS = 60;

    @Test
    void drain_inFlight_isAnsweredWhileNewOnesAreSentAway() throws Exception {
        try (Fixture fixture = new Fixture();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            fixture.consumer(Signal.TRACES).hold();
            ManagedChannel channel = fixture.channel();
            byte[] request = Requests.traces("shop", 3).bytes();
            Future<byte[]> first = threads.submit(() -> Fixture.export(channel, Signal.TRACES, request, null));
            Future<Integer> second =
                    threads.submit(() -> post(fixture.receiver.httpAddress().getPort(), request));
            fixture.consumer(Signal.TRACES).await(2);

            Future<Boolean> drained = threads.submit(() -> fixture.receiver.drain(Duration.ofSeconds(20)));
            StatusRuntimeException refused = refusal(channel);
            int status = post(fixture.receiver.httpAddress().getPort(), request);
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(Fixture.retryDelay(refused)).isPositive();
            assertThat(status).isEqualTo(503);
            assertThat(drained.isDone()).isFalse();

            fixture.consumer(Signal.TRACES).completeNext(Delivery.ACCEPTED);
            fixture.consumer(Signal.TRACES).completeNext(Delivery.ACCEPTED);

            assertThat(first.get(10, TimeUnit.SECONDS)).isEmpty();
            assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(200);
            assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
            Fixture.stop(channel);
        }
    }

    /** Until the drain has begun, requests are taken: those without items, so that nothing is held of them. */
    private static StatusRuntimeException refusal(ManagedChannel channel) {
        while (true) {
            try {
                Fixture.export(channel, Signal.LOGS, new byte[0], null);
            } catch (StatusRuntimeException e) {
                return e;
            }
        }
    }

    @Test
    void drain_timeIsUp_saysThatSomethingIsHeld() throws Exception {
        try (Fixture fixture = new Fixture();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            fixture.consumer(Signal.TRACES).hold();
            ManagedChannel channel = fixture.channel();
            var _ = threads.submit(() -> Fixture.export(
                    channel, Signal.TRACES, Requests.traces("a", 1).bytes(), null));
            fixture.consumer(Signal.TRACES).await(1);

            assertThat(fixture.receiver.drain(Duration.ofMillis(50))).isFalse();

            fixture.consumer(Signal.TRACES).completeNext(Delivery.ACCEPTED);
            Fixture.stop(channel);
        }
    }

    @Test
    void close_neverStarted_isSafe() throws Exception {
        Fixture fixture = new Fixture();
        fixture.close();
        fixture.receiver.close();
    }

    /** Numbered requests over both protocols by clients that send again what was not acknowledged; the receiver restarts under them. */
    @Test
    void restart_clientsThatRetry_loseNothing() throws Exception {
        Fixture before = new Fixture();
        int grpcPort = before.receiver.grpcAddress().getPort();
        int httpPort = before.receiver.httpAddress().getPort();
        AtomicInteger acknowledged = new AtomicInteger();
        CountDownLatch some = new CountDownLatch(REQUESTS / 2);
        List<Future<?>> clients = new ArrayList<>();
        ManagedChannel channel = Fixture.builder(before.receiver.grpcAddress()).build();
        Fixture after;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < 2; c++) {
                boolean grpc = c == 0;
                clients.add(threads.submit(() -> {
                    for (int i = 0; i < REQUESTS; i++) {
                        byte[] request = Requests.traces((grpc ? "grpc-" : "http-") + i, 1)
                                .bytes();
                        while (!(grpc ? exported(channel, request) : post(httpPort, request) == 200)) {
                            LockSupport.parkNanos(2_000_000);
                        }
                        acknowledged.incrementAndGet();
                        some.countDown();
                    }
                }));
            }
            assertThat(some.await(20, TimeUnit.SECONDS)).isTrue();
            before.close();
            after = new Fixture("protocols: {grpc: {endpoint: \"127.0.0.1:%d\"}, http: {endpoint: \"127.0.0.1:%d\"}}"
                    .formatted(grpcPort, httpPort));
            for (Future<?> client : clients) {
                client.get(30, TimeUnit.SECONDS);
            }
        } finally {
            Fixture.stop(channel);
        }
        after.close();

        assertThat(acknowledged.get()).isEqualTo(2 * REQUESTS);
        Set<String> seen = new TreeSet<>(services(before));
        seen.addAll(services(after));
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, REQUESTS)
                        .boxed()
                        .flatMap(i -> java.util.stream.Stream.of("grpc-" + i, "http-" + i))
                        .toList());
        assertThat(after.consumer(Signal.TRACES).batches()).isNotEmpty();
    }

    private static boolean exported(ManagedChannel channel, byte[] request) {
        try {
            Fixture.export(channel, Signal.TRACES, request, null);
            return true;
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            channel.resetConnectBackoff();
            return false;
        }
    }

    /** The status, or 0 if there was no answer. */
    private static int post(int port, byte[] request) {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                            java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
                                    .timeout(Duration.ofSeconds(20))
                                    .header("content-type", "application/x-protobuf")
                                    .POST(BodyPublishers.ofByteArray(request))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .statusCode();
        } catch (IOException _) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> services(Fixture fixture) throws Exception {
        List<String> names = new ArrayList<>();
        for (Batch batch : fixture.consumer(Signal.TRACES).batches()) {
            names.add(ExportTraceServiceRequest.parseFrom(batch.bytes())
                    .getResourceSpans(0)
                    .getResource()
                    .getAttributes(0)
                    .getValue()
                    .getStringValue());
        }
        return names;
    }
}
