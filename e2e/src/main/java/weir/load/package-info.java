/**
 * The judge of loads: sends numbered spans over OTLP, receives what comes out at the other end, and says what became of
 * each trace and what the processes between cost. The same for Weir and for what it is compared with.
 *
 * <p>{@link weir.load.OtlpLoad} is the command, {@link weir.load.Sender} and {@link weir.load.Sink} its two ends (tests use
 * them alone), {@link weir.load.Shape} what is sent, {@link weir.load.Account} what became of it.
 */
@NullMarked
package weir.load;

import org.jspecify.annotations.NullMarked;
