package weir.pipeline;

import java.util.List;
import weir.otlp.Batch;

/**
 * The capped store of recent decisions and kept traces that the console reads. Samplers feed it: what is decided and what is
 * kept come from one place, whatever a pipeline's exporters are and however often they are given a batch. Safe for use by any
 * thread.
 */
public interface RecentTraces {
    /** Whether anybody wants decisions; a sampler need not describe them otherwise. */
    boolean wanted();

    /** Remembers decisions; the oldest give way. Must not block. */
    void decided(List<Decided> decisions);

    /** Remembers the spans of kept traces, by trace; the oldest give way. Must not block. */
    void kept(Batch batch);

    /**
     * One decision, as people read it.
     *
     * @param traceIdHex 32 hex digits
     * @param kept kept or dropped
     * @param policy the policy that decided, empty when none did
     * @param reason one line of why, with the values looked at: "latency 2.4 s, threshold 2 s"
     * @param trigger what made it be decided now: deadline, root_seen, memory, span_limit, shutdown
     * @param rootService {@code service.name} of the root span's resource, or of the first span's, empty if unknown
     * @param rootName name of the root span, or of the first, empty if unknown
     * @param spans how many it had at the time
     * @param durationNanos from its earliest start to its latest end
     * @param decidedAtUnixNanos when
     */
    record Decided(
            String traceIdHex,
            boolean kept,
            String policy,
            String reason,
            String trigger,
            String rootService,
            String rootName,
            int spans,
            long durationNanos,
            long decidedAtUnixNanos) {}

    /** Remembers nothing. */
    RecentTraces NONE = new RecentTraces() {
        @Override
        public boolean wanted() {
            return false;
        }

        @Override
        public void decided(List<Decided> decisions) {}

        @Override
        public void kept(Batch batch) {}
    };
}
