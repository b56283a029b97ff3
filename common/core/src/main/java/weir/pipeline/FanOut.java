package weir.pipeline;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;

/**
 * Gives each batch to several consumers and completes its delivery when all have answered, with the worst answer.
 *
 * <p>What is worst follows from one rule, that nothing acknowledged may be lost. If any wants the batch again later, so is
 * it said to the sender: those that had accepted get it twice then, which is the price, since a sender can only send to
 * all. (The collector lets a permanent error win over a retryable one, and so loses what could have been sent again.) If
 * none wants it again but one rejects it for good, it is rejected: some consumer does not have it, and silence would hide
 * that; the others keep what they accepted. Else if some items were rejected, the largest number is told.
 *
 * <p>Witnesses ({@link Consumer#isWitness}) are given a batch when the others have answered and none wants it again; what
 * they say changes nothing, since the others have it by then.
 */
public final class FanOut implements Consumer {
    private final List<Consumer> branches;
    private final @Nullable Consumer witnesses;

    private FanOut(List<Consumer> branches, @Nullable Consumer witnesses) {
        this.branches = branches;
        this.witnesses = witnesses;
    }

    /** A consumer for all of these; the only one, if it is one. */
    public static Consumer to(List<Consumer> branches) {
        List<Consumer> witnesses = branches.stream().filter(Consumer::isWitness).toList();
        List<Consumer> others = branches.stream().filter(b -> !b.isWitness()).toList();
        return witnesses.isEmpty() || others.isEmpty() ? all(branches) : new FanOut(others, all(witnesses));
    }

    private static Consumer all(List<Consumer> branches) {
        return branches.size() == 1 ? branches.getFirst() : new FanOut(List.copyOf(branches), null);
    }

    @Override
    public boolean isWitness() {
        return branches.stream().allMatch(Consumer::isWitness);
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Joined joined = new Joined(batch, done);
        for (Consumer branch : branches) {
            branch.consume(batch, joined);
        }
    }

    /** The worse of two answers. */
    static Delivery worse(Delivery a, Delivery b) {
        int difference = severity(a) - severity(b);
        if (difference != 0) {
            return difference > 0 ? a : b;
        }
        return switch (a) {
            case Delivery.RetryLater later
            when b instanceof Delivery.RetryLater other -> other.after().compareTo(later.after()) > 0 ? other : later;
            case Delivery.Partial partial
            when b instanceof Delivery.Partial other ->
                other.rejectedItems() > partial.rejectedItems() ? other : partial;
            default -> a;
        };
    }

    private static int severity(Delivery delivery) {
        return switch (delivery) {
            case Delivery.Accepted() -> 0;
            case Delivery.Partial _ -> 1;
            case Delivery.Rejected _ -> 2;
            case Delivery.RetryLater _ -> 3;
        };
    }

    /** The answers so far. Each branch answers once, which the engine's guards see to. */
    private final class Joined implements DeliveryCallback {
        private final ReentrantLock lock = new ReentrantLock();
        private final Batch batch;
        private final DeliveryCallback done;
        private int open = branches.size();
        private Delivery worst = Delivery.ACCEPTED;

        private Joined(Batch batch, DeliveryCallback done) {
            this.batch = batch;
            this.done = done;
        }

        @Override
        public boolean awaitsBackend() {
            return done.awaitsBackend();
        }

        @Override
        public void complete(Delivery delivery) {
            Delivery last;
            lock.lock();
            try {
                worst = worse(worst, delivery);
                if (--open > 0) {
                    return;
                }
                last = worst;
            } finally {
                lock.unlock();
            }
            if (witnesses == null || last instanceof Delivery.RetryLater) {
                done.complete(last);
            } else {
                witnesses.consume(batch, seen -> done.complete(last));
            }
        }
    }
}
