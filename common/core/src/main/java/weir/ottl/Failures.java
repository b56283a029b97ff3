package weir.ottl;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts what could not be done, and answers it by the error mode. Copies of one list share it; for any thread. */
final class Failures {
    private static final Logger LOG = System.getLogger(Statements.class.getName());
    /** Between two lines in the log about one list of statements: what one item does wrong, thousands may. */
    private static final long LOG_INTERVAL_NANOS = 10_000_000_000L;

    private final ErrorMode mode;
    private final LongSupplier nanoTime;
    private final LongAdder count = new LongAdder();
    private volatile long loggedNanos;
    private volatile boolean logged;

    Failures(ErrorMode mode, LongSupplier nanoTime) {
        this.mode = mode;
        this.nanoTime = nanoTime;
    }

    long count() {
        return count.sum();
    }

    /** @throws OttlException with the statement, if the mode is to propagate */
    void failed(String statement, OttlException e) {
        count.increment();
        switch (mode) {
            case SILENT -> {}
            case PROPAGATE -> throw new OttlException("`" + statement + "`: " + e.getMessage());
            case IGNORE -> log(statement, e);
        }
    }

    private void log(String statement, OttlException e) {
        long now = nanoTime.getAsLong();
        if (logged && now - loggedNanos < LOG_INTERVAL_NANOS) {
            return;
        }
        logged = true;
        loggedNanos = now;
        LOG.log(Level.WARNING, "`{0}`: {1} ({2} such errors by now)", statement, e.getMessage(), count.sum());
    }
}
