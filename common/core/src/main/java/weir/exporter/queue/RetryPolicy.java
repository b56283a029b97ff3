package weir.exporter.queue;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import weir.config.Checked;
import weir.config.Option;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

/** The section {@code retry_on_failure}: how long to wait between tries of one batch, and when to give up. */
public record RetryPolicy(
        @Option(doc = "Whether what failed for now is tried again.", fallback = "true")
        boolean enabled,

        @Option(doc = "Wait before the second try.", fallback = "5s")
        Duration initialInterval,

        @Option(
                doc = "Share of a wait, 0 to 1, by which it is made longer or shorter at random, so that senders"
                        + " do not come back all at once.",
                fallback = "0.5")
        double randomizationFactor,

        @Option(doc = "By how much each wait is longer than the one before, 1 or more.", fallback = "1.5")
        double multiplier,

        @Option(
                doc = "The longest wait; a longer one that the backend asks for is kept to all the same.",
                fallback = "30s")
        Duration maxInterval,

        @Option(
                doc = "How long after its first try a batch is given up and counted as dropped; 0 is never.",
                fallback = "300s")
        Duration maxElapsedTime)
        implements Checked {

    /** The collector's defaults. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(true, Duration.ofSeconds(5), 0.5, 1.5, Duration.ofSeconds(30), Duration.ofSeconds(300));

    /** One try only. */
    public static final RetryPolicy OFF =
            new RetryPolicy(false, Duration.ofSeconds(5), 0.5, 1.5, Duration.ofSeconds(30), Duration.ofSeconds(300));

    /** No backend may silence a sender for longer than this, whatever it asks for. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    @Override
    public void check(Complaints complaints) {
        if (initialInterval.isNegative()) {
            complaints.error("initial_interval", "must not be negative");
        }
        if (!(randomizationFactor >= 0 && randomizationFactor <= 1)) {
            complaints.error("randomization_factor", "must be from 0 to 1");
        }
        if (!(multiplier >= 1)) {
            complaints.error("multiplier", "must be 1 or more, or waits would get shorter");
        }
        if (maxInterval.compareTo(initialInterval) < 0) {
            complaints.error("max_interval", "must not be shorter than initial_interval");
        }
        if (maxElapsedTime.isNegative()) {
            complaints.error("max_elapsed_time", "must not be negative; 0 is to try for ever");
        }
    }

    /** What follows a try that failed for now. */
    sealed interface Next {}

    /** Another try. */
    record TryAgain(Duration after) implements Next {}

    /** No more tries. */
    record GiveUp(Delivery end) implements Next {}

    /**
     * What follows a try.
     *
     * @param tries how many were made, at least 1
     * @param elapsed since the first one
     */
    Next next(Delivery.RetryLater failed, int tries, Duration elapsed) {
        if (!enabled) {
            return new GiveUp(failed);
        }
        Duration wait = waitAfter(
                tries, failed.after(), () -> ThreadLocalRandom.current().nextDouble());
        if (maxElapsedTime.isZero()) {
            return new TryAgain(wait);
        }
        Duration left = maxElapsedTime.minus(elapsed);
        if (left.isPositive()) {
            return new TryAgain(wait.compareTo(left) < 0 ? wait : left);
        }
        return new GiveUp(Delivery.retryLater(
                failed.after(),
                Reason.RETRIES_EXHAUSTED,
                "gave up after " + tries + " tries in " + maxElapsedTime.toSeconds() + " s: " + failed.message()));
    }

    /**
     * How long to wait after a try that failed.
     *
     * @param tries how many were made, at least 1
     * @param asked what the backend asked for, zero if nothing
     * @param random from 0 to 1
     */
    Duration waitAfter(int tries, Duration asked, DoubleSupplier random) {
        double base =
                Math.min(initialInterval.toNanos() * Math.pow(multiplier, tries - 1.0), (double) maxInterval.toNanos());
        double spread = base * randomizationFactor * (2 * random.getAsDouble() - 1);
        Duration own = Duration.ofNanos((long) (base + spread));
        Duration longer = own.compareTo(asked) >= 0 ? own : asked;
        return longer.compareTo(LONGEST_WAIT) <= 0 ? longer : LONGEST_WAIT;
    }
}
