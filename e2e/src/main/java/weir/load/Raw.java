package weir.load;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import weir.otlp.Signal;

/** OTLP's export calls with the messages as the bytes they are. */
public final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    private static final Raw BYTES = new Raw();

    private Raw() {}

    public static MethodDescriptor<byte[], byte[]> method(Signal signal) {
        return MethodDescriptor.newBuilder(BYTES, BYTES)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(signal.grpcMethod())
                .build();
    }

    private static final class KnownBytes extends ByteArrayInputStream implements KnownLength {
        KnownBytes(byte[] bytes) {
            super(bytes);
        }
    }

    @Override
    public InputStream stream(byte[] value) {
        return new KnownBytes(value);
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
