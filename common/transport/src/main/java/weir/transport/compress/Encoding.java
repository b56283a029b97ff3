package weir.transport.compress;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** A compression as {@code Content-Encoding} and {@code compression_algorithms} name it. */
public enum Encoding {
    NONE("") {
        @Override
        public InputStream decoding(InputStream in) {
            return in;
        }

        @Override
        public OutputStream encoding(OutputStream out) {
            return out;
        }
    },
    GZIP("gzip") {
        @Override
        public InputStream decoding(InputStream in) throws IOException {
            return new GZIPInputStream(in, INFLATE_BYTES);
        }

        // The trailer of the last member, which is the only one in practice: its length modulo 2^32 (RFC 1952, 2.3.1).
        @Override
        long declared(byte[] bytes, int length) {
            if (length < GZIP_FRAME_BYTES || (short) SHORT.get(bytes, 0) != GZIP_MAGIC) {
                return UNKNOWN;
            }
            long declared = Integer.toUnsignedLong((int) INT.get(bytes, length - Integer.BYTES));
            return declared <= MOST_RATIO * length ? declared : UNKNOWN;
        }

        @Override
        public OutputStream encoding(OutputStream out) throws IOException {
            return new GZIPOutputStream(out, BUFFER_BYTES);
        }
    },
    ZSTD("zstd") {
        @Override
        public InputStream decoding(InputStream in) throws IOException {
            return new ZstdInputStreamNoFinalizer(in, RecyclingBufferPool.INSTANCE).setLongMax(MAX_ZSTD_WINDOW_LOG);
        }

        @Override
        long declared(byte[] bytes, int length) {
            return Zstd.getFrameContentSize(bytes, 0, length);
        }

        @Override
        public OutputStream encoding(OutputStream out) throws IOException {
            return new ZstdOutputStreamNoFinalizer(out, RecyclingBufferPool.INSTANCE);
        }
    },
    /** zlib's format (RFC 1950), under its own name. */
    ZLIB("zlib") {
        @Override
        public InputStream decoding(InputStream in) {
            return new InflaterInputStream(in);
        }

        @Override
        public OutputStream encoding(OutputStream out) {
            return new DeflaterOutputStream(out);
        }
    },
    /** HTTP's deflate, which is zlib's format too; clients that leave its header out are understood. */
    DEFLATE("deflate") {
        @Override
        public InputStream decoding(InputStream in) throws IOException {
            return ZLIB.decoding(in);
        }

        @Override
        public OutputStream encoding(OutputStream out) throws IOException {
            return ZLIB.encoding(out);
        }

        @Override
        InputStream decodingWhole(ByteArrayInputStream body) throws IOException {
            body.mark(2);
            int first = body.read();
            int second = body.read();
            body.reset();
            boolean hasHeader = second >= 0 && (first & 0xf) == 8 && (first << 8 | second) % 31 == 0;
            return hasHeader ? decoding(body) : rawInflating(body);
        }
    };

    private static final int BUFFER_BYTES = 8192;

    /** Small, so that what an inflating stream has taken tells what it has used. */
    private static final int INFLATE_BYTES = 2048;

    /** From here on it is looked at how much compressed bytes have become. */
    private static final int SUSPECT_BYTES = 2 << 20;

    /**
     * Only zeros become as much as {@link #MOST_RATIO} times as large. Spans have some 30 bytes each that do not compress, so even those
     * with the same 20 KiB of stack trace do not become 400 times as small.
     */
    private static final int MAX_RATIO = 600;

    /** 8 MiB, which RFC 8878 recommends that decoders support; a frame that asks for more memory is refused. */
    private static final int MAX_ZSTD_WINDOW_LOG = 23;

    /** How much more than what came in is made room for at first, if it does not say itself what it becomes. */
    private static final int FIRST_GUESS = 4;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final short GZIP_MAGIC = (short) 0x8b1f;

    /** The least that a gzip member's header and trailer take. */
    private static final int GZIP_FRAME_BYTES = 18;

    /** Deflate can make 1032 bytes of one: a gzip body that says that it becomes more is cut off, or lies. */
    private static final long MOST_RATIO = 1032;

    private static final long UNKNOWN = -1;

    private final String label;

    Encoding(String label) {
        this.label = label;
    }

    /** Its name in headers and configuration; empty for {@link #NONE}. */
    public String label() {
        return label;
    }

    /** The encoding of a name in any case, {@code identity} being none; null if it is not known. */
    public static @Nullable Encoding of(String name) {
        String lower = name.trim().toLowerCase(Locale.ROOT);
        if (lower.equals("identity") || lower.equals("none")) {
            return NONE;
        }
        for (Encoding encoding : values()) {
            if (encoding.label.equals(lower)) {
                return encoding;
            }
        }
        return null;
    }

    /** The names of all, as a configuration gives them. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Encoding::label).toList();
    }

    /** A stream of what a compressed stream holds; to be closed, for it may own native memory. It has no limit of its own. */
    public abstract InputStream decoding(InputStream in) throws IOException;

    /** A stream that compresses what is written to it; to be closed. */
    public abstract OutputStream encoding(OutputStream out) throws IOException;

    InputStream decodingWhole(ByteArrayInputStream body) throws IOException {
        return decoding(body);
    }

    /** How many bytes a whole body says that it becomes, which need not be true; negative if it does not say. */
    long declared(byte[] bytes, int length) {
        return UNKNOWN;
    }

    /**
     * Decompresses a whole body. One that says of itself that it is too large is believed, and costs nothing.
     *
     * @param maxBytes the most that it may become, whatever it says of itself
     * @return an array of just its length
     * @throws TooLargeException if it becomes more, or much and that out of next to nothing
     * @throws IOException if it is not in this encoding, or cut off
     */
    public byte[] decode(byte[] bytes, int length, int maxBytes) throws IOException {
        long declared = declared(bytes, length);
        if (declared > maxBytes) {
            throw new TooLargeException(maxBytes);
        }
        ByteArrayInputStream body = new ByteArrayInputStream(bytes, 0, length);
        try (InputStream in = decodingWhole(body)) {
            return readAll(in, guess(declared, length), maxBytes, decoded -> {
                if (decoded >= SUSPECT_BYTES && decoded > (long) MAX_RATIO * (length - body.available())) {
                    throw TooLargeException.bomb(MAX_RATIO);
                }
            });
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param guess how many bytes it may be
     * @throws TooLargeException if it is more than {@code maxBytes}
     */
    public static byte[] readAll(InputStream in, int guess, int maxBytes) throws IOException {
        return readAll(in, guess, maxBytes, _ -> {});
    }

    private interface Check {
        /** @param length that has come, and more will */
        void growing(int length) throws TooLargeException;
    }

    private static byte[] readAll(InputStream in, int guess, int maxBytes, Check check) throws IOException {
        byte[] all = new byte[Math.min(maxBytes, Math.max(guess, 512))];
        int length = 0;
        while (true) {
            int n = in.read(all, length, all.length - length);
            if (n > 0) {
                length += n;
            } else if (n < 0) {
                return length == all.length ? all : Arrays.copyOf(all, length);
            }
            if (length == all.length) {
                int next = in.read();
                if (next < 0) {
                    return all;
                }
                if (length == maxBytes) {
                    throw new TooLargeException(maxBytes);
                }
                check.growing(length);
                all = Arrays.copyOf(all, (int) Math.min(maxBytes, 2L * all.length));
                all[length++] = (byte) next;
            }
        }
    }

    /** @param declared at most {@link Integer#MAX_VALUE} */
    private static int guess(long declared, int length) {
        long guess = declared >= 0 ? Math.min(declared, MOST_RATIO * length) : (long) FIRST_GUESS * length;
        return (int) Math.min(Integer.MAX_VALUE, guess);
    }

    /** Raw deflate (RFC 1951). The stream does not end an inflater that it was given, so that is done here. */
    private static InputStream rawInflating(InputStream in) {
        Inflater inflater = new Inflater(true);
        return new FilterInputStream(new InflaterInputStream(in, inflater)) {
            @Override
            public void close() throws IOException {
                super.close();
                inflater.end();
            }
        };
    }
}
