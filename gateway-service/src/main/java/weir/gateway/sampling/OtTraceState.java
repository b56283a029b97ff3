package weir.gateway.sampling;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Wire;
import weir.tracestate.Thresholds;

/**
 * The {@code ot} member of W3C trace states: with which probability a span came here (threshold, {@code th}) and by which
 * random number that was decided (randomness, {@code rv}). Both have 56 bits; a span is kept if the threshold is not above
 * the randomness. A threshold is only ever raised. Belongs to who holds the shard's lock.
 *
 * <p>Source: OpenTelemetry's "TraceState: probability sampling" and "Tracestate handling".
 */
final class OtTraceState {
    /** The probability is not known, and what the span says of it is taken away. */
    static final long UNKNOWN = -1;

    /** The span's own, or that of its trace id, is meant. */
    static final long OWN = -1;

    static final long RANGE = Thresholds.RANGE;

    private static final int MAX_MEMBERS = 32;

    private final FieldCursor fields = new FieldCursor();
    private int stateFrom;
    private int stateEnd;

    /** The threshold that keeps a share of all, given in percent, to about one in 2^32. */
    static long threshold(double percentage) {
        double dropped = Math.clamp(1 - percentage / 100, 0, 1);
        return Math.min(Math.round(dropped * (1L << 32)), 1L << 32) << 24;
    }

    /** What decides about a trace: {@code rv} of a span of it, or the lowest 56 bits of its id. */
    long randomness(byte[] segment, int record, long traceIdLow) {
        String ot = isStateIn(segment, record) ? member(text(segment)) : null;
        String rv = ot == null ? null : value(ot, "rv");
        long own = rv != null && rv.length() == Thresholds.DIGITS ? Thresholds.parse(rv) : Thresholds.NONE;
        return own != Thresholds.NONE ? own : Thresholds.ofTraceId(traceIdLow);
    }

    /** Whether a span has a trace state, so that {@link #changed} must be asked. */
    boolean isStateIn(byte[] segment, int record) {
        int from = record + SpanLog.SPAN_OVERHEAD;
        stateEnd = stateFrom = 0;
        for (fields.reset(segment, from, from + SpanLog.spanLength(segment, record)); fields.next(); ) {
            if (fields.isBytes(Fields.SPAN_TRACE_STATE)) {
                stateFrom = fields.from();
                stateEnd = fields.end();
            }
        }
        return stateEnd > stateFrom;
    }

    private String text(byte[] segment) {
        return new String(segment, stateFrom, stateEnd - stateFrom, StandardCharsets.UTF_8);
    }

    /** The field of a span without trace state; empty if there is nothing to say. */
    static byte[] made(long threshold, long randomness) {
        String state = with("", threshold, randomness);
        return state.isEmpty() ? new byte[0] : field(state);
    }

    /**
     * The field to append to a span for which {@link #isStateIn} was asked last: of a field that comes twice the last holds.
     *
     * @param threshold by which its trace was kept, or {@link #UNKNOWN}
     * @param randomness that was used, or {@link #OWN}
     */
    byte[] changed(byte[] segment, long threshold, long randomness) {
        return field(with(text(segment), threshold, randomness));
    }

    private static byte[] field(String state) {
        byte[] text = state.getBytes(StandardCharsets.UTF_8);
        byte[] made = new byte[Wire.fieldSize(text.length)];
        System.arraycopy(text, 0, made, Wire.putField(made, 0, Fields.SPAN_TRACE_STATE, text.length), text.length);
        return made;
    }

    static String with(String state, long threshold, long randomness) {
        String ot = member(state);
        String th = ot == null ? null : value(ot, "th");
        String rv = ot == null ? null : value(ot, "rv");
        long came = th == null ? UNKNOWN : Thresholds.parse(th);
        long now = threshold;
        if (randomness != OWN && (came > 0 || rv != null)) {
            now = UNKNOWN; // Two independent decisions: no threshold says both.
        } else if (threshold != UNKNOWN) {
            now = Math.max(threshold, came);
        }
        List<String> parts = new ArrayList<>();
        if (now != UNKNOWN) {
            parts.add("th:" + Thresholds.text(now));
            if (randomness != OWN) {
                parts.add("rv:" + String.format("%014x", randomness));
            }
        }
        if (ot != null) {
            for (String part : ot.split(";")) {
                if (!part.isEmpty() && !part.startsWith("th:")) {
                    parts.add(part);
                }
            }
        }
        List<String> members = new ArrayList<>();
        if (!parts.isEmpty()) {
            members.add("ot=" + String.join(";", parts));
        }
        for (String member : state.split(",")) {
            if (!member.isBlank() && !member.strip().startsWith("ot=") && members.size() < MAX_MEMBERS) {
                members.add(member);
            }
        }
        return String.join(",", members);
    }

    private static @Nullable String member(String state) {
        for (String member : state.split(",")) {
            if (member.strip().startsWith("ot=")) {
                return member.strip().substring(3);
            }
        }
        return null;
    }

    private static @Nullable String value(String ot, String key) {
        for (String part : ot.split(";")) {
            if (part.startsWith(key + ":")) {
                return part.substring(key.length() + 1);
            }
        }
        return null;
    }
}
