package weir.gateway.sampling;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
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
    private final PolicySet policies;
    private final RequestWriter writer = new RequestWriter(16 << 10);
    private long secondBegan = System.nanoTime();
    private int left = A_SECOND;

    DecisionNotes(ProcessContext process, PolicySet policies) {
        this.process = process;
        this.policies = policies;
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

    /** @param keeping the policy that keeps the trace, or {@link PolicySet#NONE} */
    void decided(TraceSummary trace, SpanLog log, int keeping, Trigger trigger) {
        TraceGlance glance = TraceGlance.of(trace, log);
        Instant now = process.clock().instant();
        process.recent()
                .decided(List.of(new Decided(
                        HexFormat.of().toHexDigits(trace.idHigh())
                                + HexFormat.of().toHexDigits(trace.idLow()),
                        keeping != PolicySet.NONE,
                        keeping == PolicySet.NONE ? "" : policies.name(keeping),
                        keeping == PolicySet.NONE ? whyDropped(trace, glance) : why(keeping, trace, glance),
                        trigger.label(),
                        glance.service(),
                        glance.name(),
                        trace.spans(),
                        Math.max(0, trace.durationNanos()),
                        now.getEpochSecond() * SECOND_NANOS + now.getNano())));
        if (keeping != PolicySet.NONE && trace.bytes() <= MAX_KEPT_BYTES) {
            byte[] attributes = policies.attributes(keeping, trigger);
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

    private String whyDropped(TraceSummary trace, TraceGlance glance) {
        StringJoiner reasons = new StringJoiner("; ");
        int n = Math.min(MAX_REASONS, policies.size());
        for (int i = 0; i < n; i++) {
            reasons.add(why(i, trace, glance));
        }
        return n < policies.size()
                ? reasons + "; and " + (policies.size() - n) + " more did not match"
                : reasons.toString();
    }

    private String why(int policy, TraceSummary trace, TraceGlance glance) {
        return switch (policies.policy(policy)) {
            case SamplingPolicy.AlwaysSample() -> "always";
            case SamplingPolicy.Latency latency -> latency(latency, trace);
            case SamplingPolicy.Probabilistic p ->
                String.format(
                        Locale.ROOT,
                        "probability %s %%, hash at %.1f %%",
                        number(p.percentage()),
                        Long.divideUnsigned(p.hash(trace.idHigh(), trace.idLow()), 1 << 20)
                                / (double) (1L << 44)
                                * 100);
            case SamplingPolicy.StatusCode status -> status(status, trace, glance);
        };
    }

    private static String latency(SamplingPolicy.Latency policy, TraceSummary trace) {
        boolean met = (trace.matched() & policy.bit()) != 0;
        String took = "latency " + millis(trace.durationNanos() / 1e6);
        if (policy.upperMillis() == 0) {
            return took + (met ? " ≥ " : " < ") + millis((double) policy.thresholdMillis());
        }
        return took + (met ? ", was within " : ", never within ") + millis((double) policy.thresholdMillis()) + " to "
                + millis((double) policy.upperMillis());
    }

    private static String status(SamplingPolicy.StatusCode policy, TraceSummary trace, TraceGlance glance) {
        StringJoiner codes = new StringJoiner(" or ");
        if ((policy.flags() & TraceSummary.ERROR) != 0) {
            codes.add("ERROR");
        }
        if ((policy.flags() & TraceSummary.OK) != 0) {
            codes.add("OK");
        }
        if ((policy.flags() & TraceSummary.UNSET) != 0) {
            codes.add("UNSET");
        }
        if (!trace.has(policy.flags())) {
            return "no status " + codes;
        }
        boolean error = trace.has(policy.flags() & TraceSummary.ERROR);
        return error && !glance.firstError().isEmpty()
                ? "status ERROR in span `" + glance.firstError() + "`"
                : "status " + codes;
    }

    private static String millis(double millis) {
        return millis >= 1000 ? number(millis / 1000) + " s" : number(millis) + " ms";
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
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
