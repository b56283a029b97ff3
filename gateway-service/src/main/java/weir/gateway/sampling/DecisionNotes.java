package weir.gateway.sampling;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import weir.otlp.AttributeCursor;
import weir.otlp.Attributes;
import weir.otlp.ResourceView;
import weir.otlp.SpanView;
import weir.otlp.ValueRange;
import weir.otlp.Wire;
import weir.pipeline.ProcessContext;
import weir.pipeline.RecentTraces.Decided;

/**
 * Tells people about decisions: which trace, kept or dropped, why, with the values looked at. Only while somebody wants to
 * know and at most 200 times a second, so that it costs nothing at speed. Belongs to who holds the shard's lock.
 */
final class DecisionNotes {
    private static final int A_SECOND = 200;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int MAX_KEPT_BYTES = 256 << 10;
    private static final int MAX_REASONS = 3;

    private final ProcessContext process;
    private final RequestWriter writer = new RequestWriter(16 << 10);
    private long secondBegan = System.nanoTime();
    private int left = A_SECOND;

    DecisionNotes(ProcessContext process) {
        this.process = process;
    }

    /** Whether {@link #decided} should be called for the decision that is made now. */
    boolean wanted() {
        if (!process.recent().wanted()) {
            return false;
        }
        if (left > 0) {
            left--;
            return true;
        }
        long now = System.nanoTime();
        if (now - secondBegan < SECOND_NANOS) {
            return false;
        }
        secondBegan = now;
        left = A_SECOND - 1;
        return true;
    }

    /** @param decision of {@link PolicySet#decide} */
    void decided(TraceSummary trace, SpanLog log, PolicySet policies, int decision, Trigger trigger) {
        TraceGlance glance = TraceGlance.of(trace, log);
        Reasons.Texts texts = new SpanTexts(trace, log, policies.conditions(), glance.firstError());
        boolean keep = decision > PolicySet.NONE;
        int deciding = keep ? decision : PolicySet.dropping(decision);
        tell(
                trace,
                glance,
                keep,
                deciding == PolicySet.NONE ? "" : policies.name(deciding),
                deciding == PolicySet.NONE
                        ? whyNot(policies, trace, texts)
                        : Reasons.of(policies.policy(deciding), trace, texts),
                trigger);
        if (keep) {
            show(trace, log, policies.attributes(decision, trigger));
        }
    }

    /** A trace that another gateway had decided. */
    void adopted(TraceSummary trace, SpanLog log, ForeignDecisions.Known known, byte[] attributes) {
        String by = "decided before by " + known.gateway();
        tell(trace, TraceGlance.of(trace, log), known.kept(), known.policy(), by, Trigger.DECIDED_ELSEWHERE);
        if (known.kept()) {
            show(trace, log, attributes);
        }
    }

    private void tell(
            TraceSummary trace, TraceGlance glance, boolean keep, String policy, String reason, Trigger trigger) {
        Instant now = process.clock().instant();
        process.recent()
                .decided(List.of(new Decided(
                        HexFormat.of().toHexDigits(trace.idHigh())
                                + HexFormat.of().toHexDigits(trace.idLow()),
                        keep,
                        policy,
                        reason,
                        trigger.label(),
                        glance.service(),
                        glance.name(),
                        trace.spans(),
                        Math.max(0, trace.durationNanos()),
                        now.getEpochSecond() * SECOND_NANOS + now.getNano())));
    }

    private void show(TraceSummary trace, SpanLog log, byte[] attributes) {
        if (trace.bytes() <= MAX_KEPT_BYTES) {
            for (int p = trace.newest(); p != SpanLog.NOWHERE; p = SpanLog.previous(log.bytesOf(p), log.offset(p))) {
                writer.prepend(log.bytesOf(p), log.offset(p), attributes);
            }
            process.recent().kept(writer.finish());
        }
    }

    /** A span that came after its trace was decided to be kept, for who looks at the trace. */
    void lateSpan(SpanLog log, int position, byte[] attributes) {
        if (wanted()) {
            writer.prepend(log.bytesOf(position), log.offset(position), attributes);
            process.recent().kept(writer.finish());
        }
    }

    private static String whyNot(PolicySet policies, TraceSummary trace, Reasons.Texts texts) {
        StringJoiner reasons = new StringJoiner("; ");
        int n = Math.min(MAX_REASONS, policies.size());
        for (int i = 0; i < n; i++) {
            reasons.add(Reasons.of(policies.policy(i), trace, texts));
        }
        return n < policies.size()
                ? reasons + "; and " + (policies.size() - n) + " more did not match"
                : reasons.toString();
    }

    /**
     * What people know a trace by.
     *
     * @param service of the root span, or of the first that came
     * @param name of the root span, or of the first that came
     * @param firstError the name of the first span with status ERROR, empty if none was found
     */
    private record TraceGlance(String service, String name, String firstError) {
        private static final int MAX_SPANS = 1000;
        private static final int STATUS_ERROR = 2;
        private static final byte[] SERVICE_NAME = Attributes.key("service.name");

        static TraceGlance of(TraceSummary trace, SpanLog log) {
            String service = "";
            String name = "";
            String error = "";
            boolean rooted = false;
            SpanView span = new SpanView();
            int looked = 0;
            int next = trace.newest();
            while (next != SpanLog.NOWHERE && looked++ < MAX_SPANS) {
                byte[] segment = log.bytesOf(next);
                int record = log.offset(next);
                next = SpanLog.previous(segment, record);
                int from = record + SpanLog.SPAN_OVERHEAD;
                span.reset(segment, from, from + SpanLog.spanLength(segment, record));
                if (span.statusCode() == STATUS_ERROR) {
                    error = span.name().text();
                }
                boolean root = isRoot(span.parentSpanId());
                if (root || !rooted) {
                    rooted |= root;
                    name = span.name().text();
                    service = service(segment, record);
                }
            }
            return new TraceGlance(service, name, error);
        }

        private static boolean isRoot(ValueRange parent) {
            return parent.length() != Long.BYTES || Wire.fixed64(parent.bytes(), parent.from()) == 0;
        }

        private static String service(byte[] segment, int record) {
            int header = SpanLog.resource(segment, SpanLog.scope(segment, record));
            int from = SpanLog.headerFrom(header);
            AttributeCursor attributes = new ResourceView()
                    .reset(segment, from, from + SpanLog.headerLength(segment, header))
                    .resourceAttributes(new AttributeCursor());
            return attributes.find(SERVICE_NAME) ? attributes.value().stringValue() : "";
        }
    }
}
