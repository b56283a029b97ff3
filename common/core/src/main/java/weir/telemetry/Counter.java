package weir.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** A sum that only grows. Safe for use by any thread. */
public final class Counter {
    private final LongAdder sum = new LongAdder();

    public void add(long n) {
        sum.add(n);
    }

    public void increment() {
        sum.increment();
    }

    public long value() {
        return sum.sum();
    }
}
