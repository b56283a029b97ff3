package weir.transport.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import weir.otlp.Batch;
import weir.otlp.Batches;
import weir.otlp.SizeSplit;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;

/**
 * Sends what is larger than servers take in several requests, one after the other. What a backend says is still too large is
 * cut in two, again and again; a span, data point or log record that is too large alone is rejected then, and only that.
 *
 * <p>A try of a batch may take as many times the timeout as there are requests. When one has failed for now, the batch has
 * failed for now, and {@link DeliveryCallback#leaves} says what was not sent.
 */
public final class BoundedSender implements Sender {
    /** What gRPC's servers take unless they are told otherwise. */
    public static final int GRPC_BYTES = 4 << 20;
    /** What the collector's HTTP server, and Weir's, take unless they are told otherwise. */
    public static final int HTTP_BYTES = 20 << 20;

    private final Sender sender;
    private final int maxBytes;

    /**
     * @param sender of which this is the only user
     * @param maxBytes of the messages of requests, before compression
     */
    public BoundedSender(Sender sender, int maxBytes) {
        this.sender = sender;
        this.maxBytes = maxBytes;
    }

    @Override
    public void start() throws IOException {
        sender.start();
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        new Way(batch, done).send();
    }

    @Override
    public void close() {
        sender.close();
    }

    /** The requests of one batch. Used by one thread after the other. */
    private final class Way implements DeliveryCallback {
        private final Batch batch;
        private final DeliveryCallback done;
        private final ArrayDeque<Batch> left;
        private final AtomicInteger turns = new AtomicInteger();
        private long rejected;
        private Reason why = Reason.BACKEND_REJECTED;
        private String message = "";

        private Way(Batch batch, DeliveryCallback done) {
            this.batch = batch;
            this.done = done;
            this.left = new ArrayDeque<>(parts(batch, maxBytes));
        }

        private static List<Batch> parts(Batch of, int maxBytes) {
            return of.length() <= maxBytes ? List.of(of) : new SizeSplit().split(of, maxBytes);
        }

        /** Sends the next one; answers that come within the call do not pile up calls. */
        private void send() {
            if (turns.getAndIncrement() > 0) {
                return;
            }
            do {
                Batch next = left.peek();
                if (next == null) {
                    done.complete(outcome());
                } else {
                    sender.consume(next, this);
                }
            } while (turns.decrementAndGet() > 0);
        }

        @Override
        public boolean awaitsBackend() {
            return done.awaitsBackend();
        }

        @Override
        public void complete(Delivery delivery) {
            Batch sent = left.element();
            switch (delivery) {
                case Delivery.Accepted() -> left.remove();
                case Delivery.Partial(var lost, var reason, var text) -> {
                    left.remove();
                    reject(Math.min(lost, sent.items()), reason, text);
                }
                case Delivery.Rejected(var reason, var text) -> {
                    left.remove();
                    if (reason != Reason.TOO_LARGE || !halve(sent)) {
                        reject(sent.items(), reason, text);
                    }
                }
                case Delivery.RetryLater _ -> {
                    if (left.stream().mapToInt(Batch::items).sum() < batch.items()) {
                        Batch rest = Batches.concat(List.copyOf(left)).routed(batch.routedBy(), batch.isForwarded());
                        done.leaves(rest, rejected, why);
                    }
                    done.complete(delivery);
                    return;
                }
            }
            send();
        }

        private void reject(long items, Reason reason, String text) {
            rejected += items;
            why = reason;
            message = text;
        }

        private boolean halve(Batch of) {
            List<Batch> halves = of.items() > 1 ? parts(of, of.length() / 2) : List.of();
            if (halves.size() < 2) {
                return false;
            }
            halves.reversed().forEach(left::addFirst);
            return true;
        }

        private Delivery outcome() {
            if (rejected == 0) {
                return Delivery.ACCEPTED;
            }
            return rejected == batch.items()
                    ? Delivery.rejected(why, message)
                    : new Delivery.Partial(rejected, why, message);
        }
    }
}
