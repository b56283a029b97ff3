package weir.load;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A share of requests that a backend refuses for now, every second of them saying when to come again, and whether who sends
 * keeps to that. Safe for any thread.
 */
public final class Refusals {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final double share;
    private final Duration after;
    /** By request, before which time it is not to come again. */
    private final Map<Long, Long> notBefore = new ConcurrentHashMap<>();

    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong putOff = new AtomicLong();
    private final AtomicLong tooSoon = new AtomicLong();

    /**
     * @param share of all requests, 0 to 1, each time anew
     * @param after what every second refusal asks for
     */
    public Refusals(double share, Duration after) {
        this.share = share;
        this.after = after;
    }

    /**
     * What to answer a request.
     *
     * @param request tells requests apart, the same each time that one comes
     * @return how long to ask it to stay away, zero to refuse it without saying; null to take it
     */
    @Nullable
    Duration judge(long request) {
        Long due = notBefore.remove(request);
        if (due != null && System.nanoTime() - due < 0) {
            tooSoon.incrementAndGet();
        }
        if (ThreadLocalRandom.current().nextDouble() >= share) {
            taken.incrementAndGet();
            return null;
        }
        if (refused.incrementAndGet() % 2 == 0) {
            return Duration.ZERO;
        }
        putOff.incrementAndGet();
        notBefore.put(request, System.nanoTime() + after.toNanos());
        return after;
    }

    /** How many requests were not refused. */
    public long taken() {
        return taken.get();
    }

    /** How many requests were refused, each time anew. */
    public long refused() {
        return refused.get();
    }

    /** How many of these were told when to come again. */
    public long putOff() {
        return putOff.get();
    }

    /** How many of these came sooner. */
    public long tooSoon() {
        return tooSoon.get();
    }

    /** UNAVAILABLE, with a {@code google.rpc.RetryInfo} if there is something to ask for. */
    static StatusRuntimeException unavailable(Duration after) {
        Metadata trailers = new Metadata();
        if (!after.isZero()) {
            byte[] delay = message(out -> {
                out.writeInt64(1, after.toSeconds());
                out.writeInt32(2, after.toNanosPart());
            });
            byte[] info = message(out -> out.writeByteArray(1, delay));
            byte[] any = message(out -> {
                out.writeString(1, "type.googleapis.com/google.rpc.RetryInfo");
                out.writeByteArray(2, info);
            });
            trailers.put(DETAILS, message(out -> {
                out.writeInt32(1, Status.Code.UNAVAILABLE.value());
                out.writeByteArray(3, any);
            }));
        }
        return Status.UNAVAILABLE.withDescription("asked to refuse").asRuntimeException(trailers);
    }

    /** Writes a message. */
    private interface Writer {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writer.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
