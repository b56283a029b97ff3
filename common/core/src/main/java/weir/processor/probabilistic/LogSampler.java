package weir.processor.probabilistic;

import weir.otlp.AnyValueText;
import weir.otlp.Attributes;
import weir.otlp.Fields;
import weir.otlp.ValueType;
import weir.otlp.ValueView;
import weir.otlp.Wire;
import weir.tracestate.Thresholds;

/**
 * Log records say what was decided before in the attributes {@code sampling.threshold} and {@code sampling.randomness}, and
 * what they wish in the attribute that {@code sampling_priority} names.
 */
final class LogSampler extends ItemSampler {
    private static final byte[] THRESHOLD = key("sampling.threshold");
    private static final byte[] RANDOMNESS = key("sampling.randomness");
    private static final int TRACE_ID = 9;
    private static final int ID_BYTES = 16;

    private final boolean byTraceId;
    private final byte[] source;
    private final byte[] priority;
    private final byte[] digits = new byte[Thresholds.DIGITS];
    private long threshold;
    private String came = "";
    /** It says its threshold as it is written here. */
    private boolean written;

    private long newRandomness;
    private long wished;

    LogSampler(ProbabilisticSamplerConfig config, Decider decider, Policies policies) {
        super(config, decider, policies);
        byTraceId = config.attributeSource().equals(ProbabilisticSamplerConfig.TRACE_ID);
        source = Attributes.key(config.fromAttribute());
        priority = Attributes.key(config.samplingPriority());
    }

    @Override
    boolean read(byte[] b, int from, int end) {
        int idFrom = 0;
        int idEnd = 0;
        for (fields.reset(b, from, end); fields.next(); ) {
            if (fields.isBytes(TRACE_ID)) {
                idFrom = fields.from();
                idEnd = fields.end();
            }
        }
        boolean hasId = idEnd - idFrom == ID_BYTES && isId(b, idFrom, idEnd);
        newRandomness = Thresholds.NONE;
        came = text(b, from, end, THRESHOLD);
        String rv = text(b, from, end, RANDOMNESS);
        threshold = came.isEmpty() ? Thresholds.NONE : Thresholds.parse(came);
        written = true;
        long rnd = rv.length() == Thresholds.DIGITS ? Thresholds.parse(rv) : Thresholds.NONE;
        boolean readable = (came.isEmpty() || threshold != Thresholds.NONE) && (rv.isEmpty() || rnd != Thresholds.NONE);
        unwritable = !readable;
        wished = wished(b, from, end);
        if (decider.isNever()) {
            random(ALL_KEPT, Policies.Name.SAMPLING_PRIORITY);
        } else if (decider.isHashing()) {
            readable &= hash(b, from, end, idFrom, idEnd, hasId, readable && came.isEmpty() && rv.isEmpty());
        } else if (readable && rnd != Thresholds.NONE) {
            random(rnd, Policies.Name.SAMPLING_RANDOMNESS);
        } else if (readable && hasId) {
            random(Thresholds.ofTraceId(Wire.bigEndian64(b, idEnd - 8)), Policies.Name.TRACE_ID_W3C);
        }
        return readable;
    }

    private boolean hash(byte[] b, int from, int end, int idFrom, int idEnd, boolean hasId, boolean unsampled) {
        if (byTraceId && hasId) {
            hashed(b, idFrom, idEnd, Policies.Name.TRACE_ID_HASH);
        } else if (source.length > 0
                && attributes.reset(b, from, end, Fields.LOG_ATTRIBUTES).find(source)) {
            ofAttribute(attributes.value());
        }
        if (!unsampled) {
            unwritable = true;
            return false;
        }
        newRandomness = missing ? Thresholds.NONE : randomness;
        return true;
    }

    private void ofAttribute(ValueView value) {
        if (value.type() == ValueType.STRING || value.type() == ValueType.BYTES) {
            if (value.from() < value.end()) {
                hashed(value.bytes(), value.from(), value.end(), Policies.Name.ATTRIBUTE);
            }
            return;
        }
        byte[] text = Attributes.key(AnyValueText.of(value));
        if (text.length > 0) {
            hashed(text, 0, text.length, Policies.Name.ATTRIBUTE);
        }
    }

    private String text(byte[] b, int from, int end, byte[] key) {
        if (!attributes.reset(b, from, end, Fields.LOG_ATTRIBUTES).find(key)) {
            return "";
        }
        ValueView value = attributes.value();
        return value.type() == ValueType.STRING ? value.stringValue() : "";
    }

    private long wished(byte[] b, int from, int end) {
        if (priority.length == 0
                || !attributes.reset(b, from, end, Fields.LOG_ATTRIBUTES).find(priority)) {
            return Thresholds.NONE;
        }
        ValueView value = attributes.value();
        return switch (value.type()) {
            case INT -> decider.ofPercentage((double) value.longValue());
            case DOUBLE -> decider.ofPercentage(value.doubleValue());
            case EMPTY, STRING, BOOL, ARRAY, KEY_VALUES, BYTES -> Thresholds.NONE;
        };
    }

    @Override
    long threshold() {
        return threshold;
    }

    @Override
    void threshold(long value) {
        written = value == threshold && Thresholds.text(value).equals(came);
        threshold = value;
    }

    @Override
    long wish() {
        return wished;
    }

    @Override
    boolean write(byte[] b, int from, int end) {
        if (written && newRandomness == Thresholds.NONE) {
            return false;
        }
        int copied = from;
        attributes.reset(b, from, end, Fields.LOG_ATTRIBUTES);
        while (attributes.next()) {
            if (attributes.keyEquals(THRESHOLD)
                    || (newRandomness != Thresholds.NONE && attributes.keyEquals(RANDOMNESS))) {
                out.put(b, copied, attributes.start());
                copied = attributes.end();
            }
        }
        out.put(b, copied, end);
        if (newRandomness != Thresholds.NONE) {
            append(RANDOMNESS, Thresholds.putAll(digits, 0, newRandomness));
        }
        if (threshold != Thresholds.NONE) {
            append(THRESHOLD, Thresholds.put(digits, 0, threshold));
        }
        return true;
    }

    private void append(byte[] key, int length) {
        int attribute = out.begin(Fields.LOG_ATTRIBUTES);
        out.field(1, key);
        int value = out.begin(2);
        out.field(1, digits, 0, length);
        out.end(value);
        out.end(attribute);
    }
}
