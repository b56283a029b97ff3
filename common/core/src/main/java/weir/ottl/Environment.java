package weir.ottl;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What statements take from outside their items.
 *
 * @param clock of {@code Now}
 * @param nanoTime in nanoseconds, of what is logged at most so often
 * @param random of UUIDs: 64 bits a call, for any thread
 */
public record Environment(InstantSource clock, LongSupplier nanoTime, LongSupplier random) {}
