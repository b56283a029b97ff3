package weir.ottl;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What statements take from outside their items.
 *
 * @param clock of {@code Now}
 * @param nanoTime in nanoseconds, of what is logged at most so often
 * @param random of UUIDs: 64 bits a call, for any thread
 */
public record Environment(InstantSource clock, LongSupplier nanoTime, LongSupplier random) {
    /** Neither time nor chance: enough to see whether statements are sound. */
    public static final Environment NOWHERE = new Environment(() -> Instant.EPOCH, () -> 0, () -> 0);
}
