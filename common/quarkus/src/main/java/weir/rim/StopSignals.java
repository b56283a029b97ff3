package weir.rim;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/**
 * SIGTERM and SIGINT as a request to stop. The JVM's own answer to them ends with status 143 or 130, whatever came of the
 * drain; a process that ends because it was asked to, and lost nothing, should say 0.
 */
final class StopSignals {
    /** {@code timeout} and shells send one request twice; only a later one is from somebody who lost patience. */
    private static final long ONE_REQUEST_NANOS = 1_000_000_000;

    private static final int ENDED_BY_FORCE = 1;
    private static final long NONE = Long.MIN_VALUE;

    private static final AtomicLong FIRST_NANOS = new AtomicLong(NONE);

    private StopSignals() {}

    /**
     * Has signals answered by an orderly stop, and one that comes while that is under way by an end at once.
     *
     * @param stop called once, by a thread of its own; must not block
     */
    static void answerBy(Runnable stop) {
        Runnable answer = () -> {
            long now = System.nanoTime();
            if (FIRST_NANOS.compareAndSet(NONE, now)) {
                stop.run();
            } else if (now - FIRST_NANOS.get() > ONE_REQUEST_NANOS) {
                Runtime.getRuntime().halt(ENDED_BY_FORCE);
            }
        };
        handle("TERM", answer);
        handle("INT", answer);
    }

    /** Whether a signal has come. */
    static boolean came() {
        return FIRST_NANOS.get() != NONE;
    }

    /** By reflection: every JDK has this class, and a compiler that takes warnings for errors refuses its name. */
    private static void handle(String name, Runnable answer) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object answering = Proxy.newProxyInstance(
                    StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (_, method, _) -> {
                        if (method.getName().equals("handle")) {
                            answer.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), answering);
        } catch (ReflectiveOperationException e) {
            // The JVM keeps its own answer, which stops in order too, such as with -Xrs.
        }
    }
}
