package weir.connector.spanmetrics;

import weir.otlp.ValueRange;
import weir.tracestate.Thresholds;
import weir.tracestate.TraceState;

/**
 * How many spans a span stands for, by the threshold of the sampler that it passed: {@code ot=th:...} in its trace state. Of
 * {@code 2^56 / (2^56 - th)} the fraction is rounded up as often as it is large, so that sums are right. Belongs to one
 * thread at a time.
 *
 * <p>Source: OpenTelemetry's "TraceState: probability sampling". What is no valid trace state, as pkg/sampling of the
 * collector reads it, says nothing.
 */
final class AdjustedCount {
    /** The trace state says nothing: the span stands for itself. */
    static final long UNKNOWN = Thresholds.NONE;

    /** The collector takes one less than W3C. */
    private static final int MAX_MEMBERS = 31;

    private final TraceState state = new TraceState();
    private long random;

    /** @param seed of what fractions are rounded by */
    AdjustedCount(long seed) {
        random = seed == 0 ? 1 : seed;
    }

    /** The adjusted count of a threshold. */
    long of(long threshold) {
        if (threshold == UNKNOWN) {
            return 1;
        }
        long kept = Thresholds.RANGE - threshold;
        long whole = Thresholds.RANGE / kept;
        long rest = Thresholds.RANGE % kept;
        return rest != 0 && Long.remainderUnsigned(next(), kept) < rest ? whole + 1 : whole;
    }

    /** xorshift64* (Vigna 2014). */
    private long next() {
        random ^= random >>> 12;
        random ^= random << 25;
        random ^= random >>> 27;
        return random * 0x2545f4914f6cdd1dL;
    }

    /** The threshold of a trace state, 0 to 2^56 - 1, or {@link #UNKNOWN}. */
    long threshold(ValueRange text) {
        boolean readable = state.parse(text.bytes(), text.from(), text.end()) && state.count() <= MAX_MEMBERS;
        return readable ? state.threshold() : UNKNOWN;
    }
}
