package weir.processor.probabilistic;

import java.util.Arrays;
import weir.attribute.GoNumbers;
import weir.otlp.Fields;
import weir.otlp.ValueView;
import weir.otlp.Wire;
import weir.tracestate.Thresholds;
import weir.tracestate.TraceState;

/**
 * Spans say what was decided before in the {@code ot} member of their trace state, and what they wish in the attribute
 * {@code sampling.priority}: 0 not to be kept, more to be kept.
 */
final class SpanSampler extends ItemSampler {
    private static final byte[] PRIORITY = key("sampling.priority");
    private static final int TRACE_ID = 1;
    private static final int ID_BYTES = 16;

    private final TraceState state = new TraceState();
    private byte[] text = new byte[256];
    private int stateFrom;
    private int stateEnd;
    private long wished;

    SpanSampler(ProbabilisticSamplerConfig config, Decider decider, Policies policies) {
        super(config, decider, policies);
    }

    @Override
    boolean read(byte[] b, int from, int end) {
        int idFrom = 0;
        int idEnd = 0;
        stateFrom = from;
        stateEnd = from;
        for (fields.reset(b, from, end); fields.next(); ) {
            if (fields.isBytes(TRACE_ID)) {
                idFrom = fields.from();
                idEnd = fields.end();
            } else if (fields.isBytes(Fields.SPAN_TRACE_STATE)) {
                stateFrom = fields.from();
                stateEnd = fields.end();
            }
        }
        wished = attributes.reset(b, from, end, Fields.SPAN_ATTRIBUTES).find(PRIORITY)
                ? wished(attributes.value())
                : Thresholds.NONE;
        boolean readable = true;
        if (stateFrom == stateEnd) {
            state.clear();
        } else {
            readable = state.parse(b, stateFrom, stateEnd);
        }
        boolean hasId = idEnd - idFrom == ID_BYTES && isId(b, idFrom, idEnd);
        unwritable = !readable;
        if (decider.isNever()) {
            random(ALL_KEPT, Policies.Name.SAMPLING_PRIORITY);
        } else if (decider.isHashing()) {
            readable &= hash(b, idFrom, idEnd, hasId, readable);
        } else if (readable && state.randomness() != Thresholds.NONE) {
            random(state.randomness(), Policies.Name.SAMPLING_RANDOMNESS);
        } else if (readable && hasId) {
            random(Thresholds.ofTraceId(Wire.bigEndian64(b, idEnd - 8)), Policies.Name.TRACE_ID_W3C);
        }
        return readable;
    }

    /** What decides by hash has no place among those that decide by thresholds. */
    private boolean hash(byte[] b, int idFrom, int idEnd, boolean hasId, boolean readable) {
        if (hasId) {
            hashed(b, idFrom, idEnd, Policies.Name.TRACE_ID_HASH);
        }
        if (!readable || state.randomness() != Thresholds.NONE || state.threshold() != Thresholds.NONE) {
            unwritable = true;
            return false;
        }
        state.randomness(randomness);
        return true;
    }

    private static long wished(ValueView priority) {
        double value = switch (priority.type()) {
            case INT -> (double) priority.longValue();
            case DOUBLE -> priority.doubleValue();
            case STRING -> GoNumbers.parse(priority.stringValue());
            case EMPTY, BOOL, ARRAY, KEY_VALUES, BYTES -> Double.NaN;
        };
        return value == 0 ? Thresholds.NEVER : value > 0 ? 0 : Thresholds.NONE;
    }

    @Override
    long threshold() {
        return state.threshold();
    }

    @Override
    void threshold(long value) {
        state.threshold(value);
    }

    @Override
    long wish() {
        return wished;
    }

    @Override
    boolean write(byte[] b, int from, int end) {
        if (text.length < state.maxBytes()) {
            text = new byte[2 * state.maxBytes()];
        }
        int length = state.put(text, 0);
        if (Arrays.equals(text, 0, length, b, stateFrom, stateEnd)) {
            return false;
        }
        int copied = from;
        for (fields.reset(b, from, end); fields.next(); ) {
            if (fields.isBytes(Fields.SPAN_TRACE_STATE)) {
                out.put(b, copied, fields.start());
                copied = fields.end();
            }
        }
        out.put(b, copied, end).field(Fields.SPAN_TRACE_STATE, text, 0, length);
        return true;
    }
}
