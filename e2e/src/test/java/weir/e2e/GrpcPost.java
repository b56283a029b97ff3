package weir.e2e;

import io.grpc.CallOptions;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import weir.load.Raw;
import weir.otlp.Signal;

/** Export calls with any bytes as their message, even such as no compressor would make. */
final class GrpcPost implements AutoCloseable {
    private final ManagedChannel channel;
    private volatile Status last = Status.OK;

    private GrpcPost(NettyChannelBuilder builder) {
        channel = builder.usePlaintext().build();
    }

    static GrpcPost to(String address) {
        return new GrpcPost(NettyChannelBuilder.forTarget(address));
    }

    /** @param compressed what to send as the compressed message, whatever the message is */
    static GrpcPost compressed(String address, String encoding, byte[] compressed) {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(Codec.Identity.NONE);
        registry.register(new Forged(encoding, compressed));
        return new GrpcPost(NettyChannelBuilder.forTarget(address).compressorRegistry(registry));
    }

    Status.Code send(byte[] message) {
        return send(Signal.TRACES, message, CallOptions.DEFAULT);
    }

    Status.Code send(Signal signal, byte[] message) {
        return send(signal, message, CallOptions.DEFAULT);
    }

    Status.Code sendCompressed(String encoding) {
        return send(Signal.TRACES, new byte[1], CallOptions.DEFAULT.withCompression(encoding));
    }

    private Status.Code send(Signal signal, byte[] message, CallOptions options) {
        try {
            ClientCalls.blockingUnaryCall(
                    channel, Raw.method(signal), options.withDeadlineAfter(60, TimeUnit.SECONDS), message);
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            last = e.getStatus();
            if (last.getCode() == Status.Code.INTERNAL) {
                System.out.println("a call failed: " + last + " " + e.getCause());
            }
            return e.getStatus().getCode();
        }
    }

    /** The last status that was not OK, in full. */
    Status last() {
        return last;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** Writes the same bytes in place of any message. */
    record Forged(String encoding, byte[] compressed) implements Codec {
        @Override
        public String getMessageEncoding() {
            return encoding;
        }

        @Override
        public InputStream decompress(InputStream in) {
            return in;
        }

        @Override
        public OutputStream compress(OutputStream out) {
            return new ByteArrayOutputStream() {
                @Override
                public void close() throws IOException {
                    out.write(compressed);
                    out.close();
                }
            };
        }
    }
}
