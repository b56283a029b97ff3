package weir.transport.http;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The time by which a client must have done its part, set anew for each phase of each request. One task per connection looks at
 * it again and again, where a task per phase would cost one or two for each request. Belongs to the connection's event loop.
 */
final class Deadline {
    /** A deadline is never missed by more than a round, for none is shorter than so many of them. */
    private static final int ROUNDS = 4;

    private static final long LEAST_WAIT_NANOS = 1_000_000;

    private boolean set;
    private long nanos;

    /** From now on. */
    void in(Duration limit) {
        set = true;
        nanos = System.nanoTime() + limit.toNanos();
    }

    /** There is none, until the next is set. */
    void never() {
        set = false;
    }

    /**
     * Looks at it as long as the connection is open and nobody was late.
     *
     * @param shortest of all that will be set
     */
    void watch(ChannelHandlerContext context, Duration shortest, Runnable late) {
        look(context, shortest.toNanos() / ROUNDS, late);
    }

    private void look(ChannelHandlerContext context, long roundNanos, Runnable late) {
        long wait = set ? Math.min(roundNanos, nanos - System.nanoTime()) : roundNanos;
        var _ = context.executor()
                .schedule(
                        () -> {
                            if (!context.channel().isActive()) {
                                return;
                            }
                            if (set && System.nanoTime() - nanos >= 0) {
                                late.run();
                            } else {
                                look(context, roundNanos, late);
                            }
                        },
                        Math.max(wait, LEAST_WAIT_NANOS),
                        TimeUnit.NANOSECONDS);
    }
}
