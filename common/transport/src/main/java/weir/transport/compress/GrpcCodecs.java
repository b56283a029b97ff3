package weir.transport.compress;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * gRPC's message compressions: gzip, zstd and deflate. grpc-java bounds what it reads of a decompressing stream by the
 * largest message that it may receive.
 */
public final class GrpcCodecs {
    private static final Encoding[] ENCODINGS = {Encoding.GZIP, Encoding.ZSTD, Encoding.DEFLATE};

    private GrpcCodecs() {}

    /** What may be received: all of them, and none. */
    public static DecompressorRegistry decompressors() {
        DecompressorRegistry registry = DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);
        for (Encoding encoding : ENCODINGS) {
            registry = registry.with(codec(encoding), true);
        }
        return registry;
    }

    /** What may be sent. */
    public static CompressorRegistry compressors() {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(Codec.Identity.NONE);
        for (Encoding encoding : ENCODINGS) {
            registry.register(codec(encoding));
        }
        return registry;
    }

    private static Codec codec(Encoding encoding) {
        return new Codec() {
            @Override
            public String getMessageEncoding() {
                return encoding.label();
            }

            @Override
            public InputStream decompress(InputStream in) {
                return new Lazy(encoding, in);
            }

            @Override
            public OutputStream compress(OutputStream out) throws IOException {
                return encoding.encoding(out);
            }
        };
    }

    /**
     * Begins to decompress at the first read. Some formats are looked at as soon as their stream is made, and what fails there
     * makes grpc-java reset the call in place of answering it.
     */
    private static final class Lazy extends FilterInputStream {
        private final Encoding encoding;
        private final InputStream compressed;
        private boolean begun;

        Lazy(Encoding encoding, InputStream compressed) {
            super(compressed);
            this.encoding = encoding;
            this.compressed = compressed;
        }

        private void begin() throws IOException {
            if (!begun) {
                in = encoding.decoding(compressed);
                begun = true;
            }
        }

        @Override
        public int read() throws IOException {
            begin();
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            begin();
            return in.read(bytes, offset, length);
        }

        @Override
        public long skip(long n) throws IOException {
            begin();
            return in.skip(n);
        }

        @Override
        public int available() {
            return 0;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
