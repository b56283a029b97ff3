package weir.gateway.sampling;

import java.util.Locale;

/** What made a trace be decided, or its span be passed, now. */
enum Trigger {
    /** {@code decision_wait} passed since its first span. */
    DEADLINE,
    /** {@code decision_wait_after_root_received} passed since its root. */
    ROOT_SEEN,
    /** It reached {@code maximum_trace_size_bytes}. */
    SPAN_LIMIT,
    /** The byte budget or {@code num_traces} was reached, and it was the oldest. */
    MEMORY,
    /** {@code sampling_strategy} is span-ingest, and the spans that came last decided. */
    SPAN_INGEST,
    /** So much was held that new traces were not waited for; see {@link Stress}. */
    STRESS,
    /** The process stops. */
    SHUTDOWN,
    /** The span came after its trace was decided. */
    LATE_SPAN,
    /** Its wait is over, and another gateway had decided it before its spans came here. */
    DECIDED_ELSEWHERE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The value of the metric label {@code trigger} and of the attribute {@code tailsampling.trigger}. */
    String label() {
        return label;
    }
}
