package weir.transport.receiver;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The requests of a receiver that were passed on and not answered yet, and whether new ones are let in. Any thread. */
final class InFlight {
    private final AtomicLong requests = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private volatile boolean closing;

    /** Lets a request in, to be followed by one {@link #leave}; false: no more are let in. */
    boolean enter() {
        requests.incrementAndGet();
        if (closing) {
            leave();
            return false;
        }
        return true;
    }

    void leave() {
        if (requests.decrementAndGet() == 0 && closing) {
            lock.lock();
            try {
                none.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    boolean isClosing() {
        return closing;
    }

    /** Lets none in any more. */
    void stopEntering() {
        closing = true;
    }

    /** After {@link #stopEntering}: waits until all are answered; whether they are. */
    boolean awaitNone(Duration limit) throws InterruptedException {
        long nanos = limit.toNanos();
        lock.lock();
        try {
            while (requests.get() > 0) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = none.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
