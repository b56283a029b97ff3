package weir.exporter.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

/**
 * How much a queue holds of what it may hold: in the unit that the user chose, and in bytes, because a number of requests is
 * no measure of memory. Guarded by the queue's lock.
 */
final class Capacity {
    private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(1);

    private final SendingQueueConfig.Sizer sizer;
    private final long maxSize;
    private final long maxBytes;
    private long size;
    private long bytes;

    Capacity(SendingQueueConfig config, long maxBytes) {
        this.sizer = config.sizer();
        this.maxSize = config.enabled() ? config.queueSize() : Long.MAX_VALUE;
        this.maxBytes = maxBytes;
    }

    /** Why this batch could not even be held by an empty queue; null if it could. */
    @Nullable
    Delivery neverFits(Batch batch) {
        if (sizer.of(batch) > maxSize) {
            return tooLarge(sizer.of(batch) + " " + sizer, "queue_size of " + maxSize);
        }
        return batch.length() > maxBytes
                ? tooLarge(batch.length() + " bytes", "weir.max_queue_mib of " + (maxBytes >> 20))
                : null;
    }

    private static Delivery tooLarge(String what, String limit) {
        return Delivery.rejected(
                Reason.TOO_LARGE, "a request of " + what + " is more than the sending queue's " + limit);
    }

    boolean fits(Batch batch) {
        return sizer.of(batch) <= maxSize - size && bytesFit(batch);
    }

    boolean bytesFit(Batch batch) {
        return batch.length() <= maxBytes - bytes;
    }

    /** Why a batch does not fit now. */
    Delivery full() {
        return Delivery.retryLater(TRY_AGAIN_AFTER, Reason.QUEUE_FULL, "sending queue is full");
    }

    void add(Batch batch) {
        size += sizer.of(batch);
        bytes += batch.length();
    }

    void remove(Batch batch) {
        size -= sizer.of(batch);
        bytes -= batch.length();
    }

    /** A batch whose sender is kept waiting costs memory, but no place in the queue. */
    void addParked(Batch batch) {
        bytes += batch.length();
    }

    void removeParked(Batch batch) {
        bytes -= batch.length();
    }

    long size() {
        return size;
    }

    long bytes() {
        return bytes;
    }

    long maxSize() {
        return maxSize;
    }

    long maxBytes() {
        return maxBytes;
    }
}
