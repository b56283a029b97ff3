package weir.gateway.sampling;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * One policy of the file, compiled. Pure: a vote says what the policy thinks of a trace, and is not yet a decision.
 * Semantics are the collector's, word for word; what it asks of single spans it registers as an {@link ArrivalCondition} and
 * reads from {@link TraceSummary#matched}. Used by the threads of all shards.
 */
sealed interface SamplingPolicy {
    Vote vote(TraceSummary trace);

    /** Keeps every trace. */
    record AlwaysSample() implements SamplingPolicy {
        @Override
        public Vote vote(TraceSummary trace) {
            return Vote.SAMPLED;
        }
    }

    /**
     * Keeps a trace in which some span has one of the codes.
     *
     * @param flags {@link TraceSummary#UNSET}, {@link TraceSummary#OK}, {@link TraceSummary#ERROR}
     */
    record StatusCode(int flags) implements SamplingPolicy {
        @Override
        public Vote vote(TraceSummary trace) {
            return Vote.of(trace.has(flags));
        }
    }

    /**
     * Keeps a trace whose duration was in range after any of its spans, in the order in which they came; so with an upper
     * bound a trace that ends up longer is kept all the same if it was in range on the way.
     *
     * @param upperMillis 0: none
     * @param bit of the condition among those evaluated on arrival
     */
    record Latency(long thresholdMillis, long upperMillis, long bit) implements SamplingPolicy {
        @Override
        public Vote vote(TraceSummary trace) {
            return Vote.of((trace.matched() & bit) != 0);
        }

        /** Without an upper bound at least the threshold; with one above the threshold, up to the bound. */
        ArrivalCondition condition() {
            return upperMillis == 0
                    ? new ArrivalCondition.Duration(
                            thresholdMillis == 0 ? -999_999 : nanos(thresholdMillis), Long.MAX_VALUE)
                    : new ArrivalCondition.Duration(nanos(thresholdMillis + 1), nanos(upperMillis + 1) - 1);
        }

        private static long nanos(long millis) {
            return millis > Long.MAX_VALUE / 1_000_000 ? Long.MAX_VALUE : millis * 1_000_000;
        }
    }

    /**
     * Keeps the traces whose id hashes to at most a threshold: FNV-1a of 64 bits over the salt and the id's bytes, as the
     * collector does, so that several samplers with one salt agree.
     */
    record Probabilistic(double percentage, long saltHash, long threshold) implements SamplingPolicy {
        static final String DEFAULT_SALT = "default-hash-seed";

        private static final long OFFSET = 0xcbf29ce484222325L;
        private static final long PRIME = 0x100000001b3L;

        static Probabilistic of(double percentage, String salt) {
            long hash = OFFSET;
            for (byte b : (salt.isEmpty() ? DEFAULT_SALT : salt).getBytes(StandardCharsets.UTF_8)) {
                hash = (hash ^ (b & 0xff)) * PRIME;
            }
            return new Probabilistic(percentage, hash, threshold(percentage));
        }

        @Override
        public Vote vote(TraceSummary trace) {
            return Vote.of(Long.compareUnsigned(hash(trace.idHigh(), trace.idLow()), threshold) <= 0);
        }

        long hash(long idHigh, long idLow) {
            return bytes(bytes(saltHash, idHigh), idLow);
        }

        private static long bytes(long before, long eight) {
            long hash = before;
            for (int shift = 56; shift >= 0; shift -= 8) {
                hash = (hash ^ (eight >>> shift & 0xff)) * PRIME;
            }
            return hash;
        }

        private static long threshold(double percentage) {
            if (!(percentage > 0)) {
                return 0;
            }
            BigInteger max = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
            return percentage >= 100
                    ? -1L
                    : new BigDecimal(max)
                            .multiply(new BigDecimal(percentage / 100))
                            .setScale(0, RoundingMode.FLOOR)
                            .toBigInteger()
                            .longValue();
        }
    }
}
