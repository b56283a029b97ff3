package weir.connector.routing;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.pipeline.Rewritten;

/**
 * Gives the parts of a request to their pipelines, and answers its sender once, when all have answered. If any wants its part
 * again later, all of the request is wanted again, and what others had taken comes twice: see {@link weir.pipeline.FanOut}.
 * If not, what was rejected is added up. Parts for what only counts are given when the others have been taken.
 */
final class Departure {
    /**
     * A part and where it goes.
     *
     * @param cut whether it is not the request that came, but was written anew
     */
    record Part(Batch batch, Consumer next, boolean cut) {
        void give(DeliveryCallback answer) {
            if (cut) {
                Rewritten.pass(batch, next, answer);
            } else {
                next.consume(batch, answer);
            }
        }
    }

    private final List<Part> counted;
    private final DeliveryCallback done;
    private final int items;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Part> first;
    private boolean toCounters;
    private int open;
    private int left;
    private long rejected;
    private Reason why = Reason.BACKEND_REJECTED;
    private String message = "";
    private Delivery.@Nullable RetryLater later;

    /** @param items how many of the request go anywhere */
    private Departure(List<Part> parts, int items, DeliveryCallback done) {
        this.first = parts.stream().filter(p -> !p.next.isWitness()).toList();
        this.counted = parts.stream().filter(p -> p.next.isWitness()).toList();
        this.items = items;
        this.done = done;
        this.left = parts.size();
    }

    /**
     * Sees all parts off.
     *
     * @param parts at least one
     * @param done completed by the last answer
     */
    static void of(List<Part> parts, int items, DeliveryCallback done) {
        Departure departure = new Departure(parts, items, done);
        departure.toCounters = departure.first.isEmpty();
        departure.give(departure.toCounters ? departure.counted : departure.first);
    }

    private void give(List<Part> parts) {
        lock.lock();
        try {
            open = parts.size();
        } finally {
            lock.unlock();
        }
        parts.forEach(p -> p.give(new Answer(this, p)));
    }

    private record Answer(Departure departure, Part part) implements DeliveryCallback {
        @Override
        public boolean awaitsBackend() {
            return departure.done.awaitsBackend();
        }

        @Override
        public void complete(Delivery delivery) {
            departure.answered(delivery, part.batch.items());
        }
    }

    private void answered(Delivery delivery, int ofItems) {
        @Nullable Delivery end;
        lock.lock();
        try {
            note(delivery, ofItems);
            if (--open > 0) {
                return;
            }
            end = toCounters || counted.isEmpty() || later != null ? end() : null;
            toCounters = true;
        } finally {
            lock.unlock();
        }
        if (end == null) {
            give(counted);
        } else {
            done.complete(end);
        }
    }

    private void note(Delivery delivery, int ofItems) {
        switch (delivery) {
            case Delivery.Accepted() -> {}
            case Delivery.Partial(var some, var reason, var text) -> reject(Math.min(some, ofItems), reason, text);
            case Delivery.Rejected(var reason, var text) -> {
                reject(ofItems, reason, text);
                left--;
            }
            case Delivery.RetryLater again -> {
                if (later == null || again.after().compareTo(later.after()) > 0) {
                    later = again;
                }
            }
        }
    }

    private void reject(long some, Reason reason, String text) {
        rejected += some;
        why = reason;
        message = text;
    }

    private Delivery end() {
        if (later != null) {
            return later;
        }
        if (left == 0) {
            return Delivery.rejected(why, message);
        }
        long lost = Math.min(rejected, items);
        return lost == 0 ? Delivery.ACCEPTED : new Delivery.Partial(lost, why, message);
    }
}
