package weir.gateway.sampling;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One policy of the file, compiled for one shard. A vote says what the policy thinks of a trace, and is not yet a decision.
 * Semantics are the collector's, word for word; what it asks of single spans was answered on arrival, see
 * {@link ArrivalConditions}. Belongs to who holds the shard's lock.
 */
sealed interface SamplingPolicy permits Composite, RateLimit, SamplingPolicy.Pure, SamplingPolicy.Combined {
    Vote vote(TraceSummary trace, DecisionContext context);

    /** Goes on with what another one, compiled of the same section, has counted. */
    default void continueFrom(SamplingPolicy former) {}

    /** One that looks at nothing but the trace. */
    sealed interface Pure extends SamplingPolicy {
        boolean samples(TraceSummary trace);

        @Override
        default Vote vote(TraceSummary trace, DecisionContext context) {
            return Vote.of(samples(trace));
        }
    }

    /** One that asks others. */
    sealed interface Combined extends SamplingPolicy {
        List<SamplingPolicy> parts();

        @Override
        default void continueFrom(SamplingPolicy former) {
            if (former instanceof Combined other) {
                for (int i = 0; i < parts().size(); i++) {
                    parts().get(i).continueFrom(other.parts().get(i));
                }
            }
        }

        /** What the first part says that would not sample it, after which none is asked; else that all would. */
        default Vote all(TraceSummary trace, DecisionContext context) {
            for (int i = 0; i < parts().size(); i++) {
                Vote vote = parts().get(i).vote(trace, context);
                if (vote != Vote.SAMPLED) {
                    return vote;
                }
            }
            return Vote.SAMPLED;
        }
    }

    /** Keeps every trace. */
    record AlwaysSample() implements Pure {
        @Override
        public boolean samples(TraceSummary trace) {
            return true;
        }
    }

    /**
     * Keeps a trace in which some span has one of the codes.
     *
     * @param flags {@link TraceSummary#UNSET}, {@link TraceSummary#OK}, {@link TraceSummary#ERROR}
     */
    record StatusCode(int flags) implements Pure {
        @Override
        public boolean samples(TraceSummary trace) {
            return trace.has(flags);
        }
    }

    /**
     * Keeps a trace of which some span or its resource meets a condition; or if inverted, one of which none does.
     *
     * @param what for people: string_attribute `http.route`
     * @param key the attribute that is looked at; empty if none is
     * @param bit of the condition among those evaluated on arrival
     */
    record SpanMatch(String what, String key, int bit, boolean inverted) implements Pure {
        @Override
        public boolean samples(TraceSummary trace) {
            return trace.isMet(bit) != inverted;
        }
    }

    /**
     * Keeps a trace of which some span or span event meets one of several conditions in OTTL.
     *
     * @param conditions as they are written
     * @param bit of the first of them among those evaluated on arrival, where those of the others follow: it is set for the one
     *     that was met first
     * @param failed the bit for one that could not be evaluated before any was met; {@link #NEVER}: such are taken for not met
     */
    record OttlCondition(List<String> conditions, int bit, int failed) implements Pure {
        static final int NEVER = -1;

        private static final int NONE = -1;

        @Override
        public boolean samples(TraceSummary trace) {
            return met(trace) != NONE;
        }

        @Override
        public Vote vote(TraceSummary trace, DecisionContext context) {
            return hasFailed(trace) ? Vote.FAILED : Vote.of(samples(trace));
        }

        boolean hasFailed(TraceSummary trace) {
            return failed != NEVER && trace.isMet(failed);
        }

        /** The place of the condition that was met, or -1. */
        int met(TraceSummary trace) {
            for (int i = 0; i < conditions.size(); i++) {
                if (trace.isMet(bit + i)) {
                    return i;
                }
            }
            return NONE;
        }
    }

    /**
     * Keeps traces by how many spans they have.
     *
     * @param min inclusive
     * @param max inclusive; 0: none
     */
    record SpanCount(int min, int max) implements Pure {
        @Override
        public boolean samples(TraceSummary trace) {
            return trace.spans() >= min && (max == 0 || trace.spans() <= max);
        }
    }

    /**
     * Keeps a trace whose duration was in range after any of its spans, in the order in which they came; so with an upper
     * bound a trace that ends up longer is kept all the same if it was in range on the way.
     *
     * @param upperMillis 0: none
     * @param bit of the condition among those evaluated on arrival; {@link #WHOLE}: the duration of all spans decides
     */
    record Latency(long thresholdMillis, long upperMillis, int bit) implements Pure {
        static final int WHOLE = -1;

        @Override
        public boolean samples(TraceSummary trace) {
            if (bit != WHOLE) {
                return trace.isMet(bit);
            }
            ArrivalConditions.Duration range = range(thresholdMillis, upperMillis);
            long nanos = trace.durationNanos();
            return nanos >= range.minNanos() && nanos <= range.maxNanos();
        }

        /** Without an upper bound at least the threshold; with one above the threshold, up to the bound. */
        static ArrivalConditions.Duration range(long thresholdMillis, long upperMillis) {
            return upperMillis == 0
                    ? new ArrivalConditions.Duration(
                            thresholdMillis == 0 ? -999_999 : nanos(thresholdMillis), Long.MAX_VALUE)
                    : new ArrivalConditions.Duration(nanos(thresholdMillis + 1), nanos(upperMillis + 1) - 1);
        }

        private static long nanos(long millis) {
            return millis > Long.MAX_VALUE / 1_000_000 ? Long.MAX_VALUE : millis * 1_000_000;
        }
    }

    /** Keeps what all its parts would keep. */
    record And(List<SamplingPolicy> parts) implements Combined {
        @Override
        public Vote vote(TraceSummary trace, DecisionContext context) {
            return all(trace, context);
        }
    }

    /** Keeps what its part would not keep. */
    record Not(SamplingPolicy part) implements Combined {
        @Override
        public List<SamplingPolicy> parts() {
            return List.of(part);
        }

        @Override
        public Vote vote(TraceSummary trace, DecisionContext context) {
            Vote vote = part.vote(trace, context);
            return vote == Vote.FAILED ? vote : Vote.of(vote != Vote.SAMPLED);
        }
    }

    /** Has dropped what all its parts would keep. */
    record Drop(List<SamplingPolicy> parts) implements Combined {
        @Override
        public Vote vote(TraceSummary trace, DecisionContext context) {
            Vote vote = all(trace, context);
            return vote == Vote.SAMPLED ? Vote.DROPPED : vote;
        }
    }

    /**
     * Keeps the traces whose id hashes to at most a threshold: FNV-1a of 64 bits over the salt and the id's bytes, as the
     * collector does, so that several samplers with one salt agree.
     */
    record Probabilistic(double percentage, long saltHash, long threshold) implements Pure {
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
        public boolean samples(TraceSummary trace) {
            return Long.compareUnsigned(hash(trace.idHigh(), trace.idLow()), threshold) <= 0;
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
