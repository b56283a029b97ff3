package weir.exporter.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.pipeline.DeliveryCallback;

/** The senders whom {@code block_on_overflow} keeps waiting for a place, first come first served. Guarded by the queue's lock. */
final class ParkedSenders {
    /** A batch whose sender is kept waiting. */
    static final class Parked {
        final Batch batch;
        final DeliveryCallback done;

        /** When its wait ends without a place. */
        Timer.@Nullable Cancellable limit;

        Parked(Batch batch, DeliveryCallback done) {
            this.batch = batch;
            this.done = done;
        }

        private void cancel() {
            if (limit != null) {
                limit.cancel();
            }
        }
    }

    private final ArrayDeque<Parked> parked = new ArrayDeque<>();
    private final Capacity capacity;

    ParkedSenders(Capacity capacity) {
        this.capacity = capacity;
    }

    void add(Parked sender) {
        capacity.addParked(sender.batch);
        parked.add(sender);
    }

    /** Lets one go without a place; false when it is not here any more. */
    boolean remove(Parked sender) {
        if (!parked.remove(sender)) {
            return false;
        }
        capacity.removeParked(sender.batch);
        return true;
    }

    /** Takes out those that there is room for, which they now have. */
    List<Parked> admit() {
        if (parked.isEmpty()) {
            return List.of();
        }
        List<Parked> admitted = new ArrayList<>();
        for (Parked next = parked.peek(); next != null; next = parked.peek()) {
            capacity.removeParked(next.batch);
            if (!capacity.fits(next.batch)) {
                capacity.addParked(next.batch);
                break;
            }
            parked.remove();
            next.cancel();
            capacity.add(next.batch);
            admitted.add(next);
        }
        return admitted;
    }

    /** Takes out all, without a place. */
    List<Parked> takeAll() {
        List<Parked> taken = List.copyOf(parked);
        parked.clear();
        for (Parked sender : taken) {
            sender.cancel();
            capacity.removeParked(sender.batch);
        }
        return taken;
    }

    boolean isEmpty() {
        return parked.isEmpty();
    }
}
