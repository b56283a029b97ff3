package weir.transport.client;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;

/** Sends and waits for the delivery's end. */
public final class Deliveries {
    private Deliveries() {}

    public static Delivery of(Consumer sender, Batch batch) throws Exception {
        CompletableFuture<Delivery> end = new CompletableFuture<>();
        sender.consume(batch, delivery -> {
            if (!end.complete(delivery)) {
                throw new AssertionError("completed twice");
            }
        });
        return end.get(10, TimeUnit.SECONDS);
    }

    /** A batch that begins in the middle of its array. */
    public static Batch batch(Signal signal) {
        byte[] bytes = new byte[5000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i / 10);
        }
        return Batch.of(signal, bytes, 100, 4000, 7);
    }

    static byte[] bytes(Batch batch) {
        return Arrays.copyOfRange(batch.bytes(), batch.offset(), batch.end());
    }

    static Duration after(Delivery delivery) {
        return ((Delivery.RetryLater) delivery).after();
    }
}
