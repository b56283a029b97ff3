package weir.transport.client;

import com.google.protobuf.CodedOutputStream;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import weir.transport.compress.GrpcCodecs;

/** A gRPC backend that answers as scripted, and OK with an empty message when nothing is. */
public final class GrpcBackend implements AutoCloseable {
    static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    /** A request as it came. */
    record Request(String method, Metadata headers, byte[] bytes) {
        String header(String name) {
            String value = headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
            return value == null ? "" : value;
        }
    }

    /** What to answer; a null status is no answer at all. */
    record Answer(@Nullable Status status, byte[] message, Metadata trailers) {}

    final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private final Server server;

    public GrpcBackend() throws IOException {
        this(0, null, null);
    }

    GrpcBackend(int port, @Nullable File certificate, @Nullable File key) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .directExecutor()
                .decompressorRegistry(GrpcCodecs.decompressors())
                .fallbackHandlerRegistry(new Anything());
        if (certificate != null && key != null) {
            builder.useTransportSecurity(certificate, key);
        }
        server = builder.build().start();
    }

    public int port() {
        return server.getPort();
    }

    GrpcBackend then(Status status) {
        return then(status, new byte[0], new Metadata());
    }

    public GrpcBackend then(@Nullable Status status, byte[] message, Metadata trailers) {
        script.add(new Answer(status, message, trailers));
        return this;
    }

    Request next() throws InterruptedException {
        Request request = requests.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    /** google.rpc.Status with a RetryInfo, written by protobuf's own writer. */
    static Metadata retryInfo(long seconds, int nanos) throws IOException {
        byte[] duration = message(out -> {
            out.writeInt64(1, seconds);
            out.writeInt32(2, nanos);
        });
        byte[] info = message(out -> out.writeByteArray(1, duration));
        byte[] other = message(out -> out.writeString(1, "type.googleapis.com/google.rpc.DebugInfo"));
        byte[] any = message(out -> {
            out.writeString(1, "type.googleapis.com/google.rpc.RetryInfo");
            out.writeByteArray(2, info);
        });
        Metadata trailers = new Metadata();
        trailers.put(DETAILS, message(out -> {
            out.writeInt32(1, 14);
            out.writeString(2, "overloaded");
            out.writeByteArray(3, other);
            out.writeByteArray(3, any);
        }));
        return trailers;
    }

    /** Writes a message. */
    interface Writer {
        void write(CodedOutputStream out) throws IOException;
    }

    static byte[] message(Writer writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        writer.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Anything extends HandlerRegistry implements ServerCallHandler<byte[], byte[]> {
        @Override
        public ServerMethodDefinition<byte[], byte[]> lookupMethod(String name, @Nullable String authority) {
            return ServerMethodDefinition.create(
                    MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                            .setType(MethodDescriptor.MethodType.UNARY)
                            .setFullMethodName(name)
                            .build(),
                    this);
        }

        @Override
        public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
            call.request(2);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(byte[] message) {
                    requests.add(new Request(call.getMethodDescriptor().getFullMethodName(), headers, message));
                }

                @Override
                public void onHalfClose() {
                    Answer answer = script.poll();
                    if (answer == null) {
                        answer = new Answer(Status.OK, new byte[0], new Metadata());
                    }
                    if (answer.status() == null) {
                        return;
                    }
                    if (answer.status().isOk()) {
                        call.sendHeaders(new Metadata());
                        call.sendMessage(answer.message());
                    }
                    call.close(answer.status(), answer.trailers());
                }
            };
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
