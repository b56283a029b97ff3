package weir.load;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import weir.otlp.Signal;

/** Where a sender sends: one connection over which one request goes at a time. */
interface Target extends AutoCloseable {
    /** How one attempt ended: taken, refused for now (with how long to wait), or refused for good. */
    record Answer(boolean taken, boolean again, Duration after, String error) {
        static final Answer TAKEN = new Answer(true, false, Duration.ZERO, "");
    }

    Answer send(byte[] request) throws InterruptedException;

    @Override
    void close();

    /** @param address {@code HOST:PORT} for gRPC, {@code http://HOST:PORT} for OTLP/HTTP */
    static Target dial(String address) {
        return address.startsWith("http") ? new OverHttp(address) : new OverGrpc(address);
    }

    /** Over gRPC. */
    final class OverGrpc implements Target {
        private static final Set<Status.Code> AGAIN = Set.of(
                Status.Code.UNAVAILABLE,
                Status.Code.RESOURCE_EXHAUSTED,
                Status.Code.ABORTED,
                Status.Code.DEADLINE_EXCEEDED,
                Status.Code.CANCELLED,
                Status.Code.OUT_OF_RANGE);
        private final ManagedChannel channel;

        OverGrpc(String address) {
            channel = NettyChannelBuilder.forTarget(address)
                    .usePlaintext()
                    .flowControlWindow(4 << 20)
                    .build();
        }

        @Override
        public Answer send(byte[] request) {
            try {
                ClientCalls.blockingUnaryCall(
                        channel,
                        Raw.method(Signal.TRACES),
                        CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                        request);
                return Answer.TAKEN;
            } catch (StatusRuntimeException e) {
                return new Answer(
                        false,
                        isForAgain(e.getStatus()),
                        Duration.ZERO,
                        e.getStatus().toString());
            }
        }

        /** What grpc-java itself says of a connection that ended is UNKNOWN, with a cause, if a call was being written. */
        private static boolean isForAgain(Status status) {
            return AGAIN.contains(status.getCode())
                    || (status.getCode() == Status.Code.UNKNOWN && status.getCause() instanceof IOException);
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    /** Over OTLP/HTTP with protobuf. */
    final class OverHttp implements Target {
        private final HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final URI uri;

        OverHttp(String address) {
            uri = URI.create(address + Signal.TRACES.httpPath());
        }

        @Override
        public Answer send(byte[] request) throws InterruptedException {
            HttpRequest post = HttpRequest.newBuilder(uri)
                    .timeout(Duration.ofSeconds(30))
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                    .build();
            try {
                HttpResponse<byte[]> response = client.send(post, HttpResponse.BodyHandlers.ofByteArray());
                int status = response.statusCode();
                if (status == 200) {
                    return Answer.TAKEN;
                }
                long seconds =
                        response.headers().firstValueAsLong("Retry-After").orElse(0);
                return new Answer(
                        false,
                        Set.of(429, 502, 503, 504).contains(status),
                        Duration.ofSeconds(seconds),
                        "HTTP " + status);
            } catch (IOException e) {
                return new Answer(false, true, Duration.ZERO, e.getClass().getSimpleName());
            }
        }

        @Override
        public void close() {
            client.shutdownNow();
        }
    }
}
