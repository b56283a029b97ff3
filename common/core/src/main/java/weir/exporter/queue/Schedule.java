package weir.exporter.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Which batch is sent next: fresh ones and those whose next try is due take turns, up to a number of places at once. Guarded
 * by the queue's lock, but for {@link #inFlight}.
 *
 * <p>A batch that waits for its next try holds no place among those in flight, so one request that a backend keeps putting
 * off does not stop the others. But while nothing succeeds, only some batches are tried, twice the number of places: the
 * clock of {@code max_elapsed_time} runs from a batch's first try, and during an outage the rest of the queue must not begin
 * to age. Each success lets as many more begin as there are places.
 */
final class Schedule {
    private final ArrayDeque<Pending> fresh = new ArrayDeque<>();
    private final ArrayDeque<Pending> due = new ArrayDeque<>();

    /** What was tried and is not settled: in flight, waiting or due. */
    private final Set<Pending> open = new HashSet<>();

    private final AtomicLong inFlight = new AtomicLong();
    private final int places;
    private int freshLeft;
    private boolean freshLast;

    /** @param places how many may be in flight at once */
    Schedule(int places) {
        this.places = places;
        this.freshLeft = places;
    }

    /** Takes in a batch that was never tried. */
    void add(Pending pending) {
        fresh.add(pending);
    }

    /** The wait for a batch's next try is over. */
    void becameDue(Pending pending) {
        pending.waiting = null;
        due.add(pending);
    }

    /** The batch to send next, its place taken; null when there is none or it must wait. */
    @Nullable
    Pending take(long nowNanos) {
        if (inFlight.get() >= places) {
            return null;
        }
        boolean beyond = open.size() >= places;
        boolean mayBegin = !fresh.isEmpty() && (!beyond || freshLeft > 0);
        Pending next;
        if (!due.isEmpty() && (freshLast || !mayBegin)) {
            next = due.remove();
            freshLast = false;
        } else if (mayBegin) {
            next = fresh.remove();
            freshLast = true;
            open.add(next);
            next.firstTryNanos = nowNanos;
            freshLeft -= beyond ? 1 : 0;
        } else {
            return null;
        }
        next.tries++;
        inFlight.incrementAndGet();
        return next;
    }

    /** A try is over, its place free. */
    void tryEnded() {
        inFlight.decrementAndGet();
    }

    /** The backend answered for good: it can be reached. */
    void reached() {
        freshLeft = places;
    }

    /** Forgets a batch that was tried. */
    void remove(Pending pending) {
        open.remove(pending);
    }

    /** Makes everything due that waits, each with the patience of a first try. */
    void hurry() {
        for (Pending pending : open) {
            if (pending.waiting != null) {
                pending.waiting.cancel();
                pending.tries = 1;
                becameDue(pending);
            }
        }
    }

    /** Takes out everything that is not in flight, and marks what is. */
    List<Pending> takeUnsent() {
        List<Pending> unsent = new ArrayList<>(due);
        open.stream().filter(p -> p.waiting != null).forEach(unsent::add);
        unsent.forEach(open::remove);
        open.forEach(p -> p.outdated = true);
        unsent.addAll(fresh);
        due.clear();
        fresh.clear();
        return unsent;
    }

    /** Takes out everything that is not settled; nothing is in flight any more. */
    List<Pending> takeAll() {
        List<Pending> all = new ArrayList<>(open);
        all.addAll(fresh);
        open.clear();
        fresh.clear();
        due.clear();
        inFlight.set(0);
        return all;
    }

    boolean isEmpty() {
        return open.isEmpty() && fresh.isEmpty();
    }

    /** How many are sent and not answered. Any thread. */
    long inFlight() {
        return inFlight.get();
    }
}
