package weir.gateway.sampling.match;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weir.gateway.sampling.match.SpanCondition.FlagsHave;
import weir.gateway.sampling.match.SpanCondition.OfAttribute;
import weir.gateway.sampling.match.SpanCondition.TraceStateIn;
import weir.match.ByteTable;
import weir.otlp.MalformedOtlpException;
import weir.otlp.ValueView;
import weir.otlp.Wire;

/**
 * Answers all questions about a span in one pass over its fields, and those about a resource in one over its attributes: a
 * bit for each that is met. Of attributes with one key in one message the first one counts. Belongs to one thread at a time.
 */
public final class SpanMatcher {
    private static final int RESOURCE = 1 << 3 | Wire.BYTES;
    private static final int RESOURCE_ATTRIBUTE = 1 << 3 | Wire.BYTES;
    private static final int SPAN_ATTRIBUTE = 9 << 3 | Wire.BYTES;
    private static final int TRACE_STATE = 3 << 3 | Wire.BYTES;
    private static final int FLAGS = 16 << 3 | Wire.FIXED32;
    private static final int KEY = 1 << 3 | Wire.BYTES;
    private static final int VALUE = 2 << 3 | Wire.BYTES;

    /** @param bit is set if the flags have one of the mask's */
    private record Flags(int mask, int bit) {}

    private final ByteTable keys;
    private final KeyQuestions[] questions;
    private final TraceStates traceStates;
    private final Flags[] flags;
    private final long[] spanBits;
    private final boolean asksAttributes;

    private final ValueView value = new ValueView();
    /** The message in which each key was seen last. */
    private final int[] seen;

    private int message;

    /**
     * @param conditions with the number of their bits
     * @param words of all arrays of bits that it is given
     * @throws com.google.re2j.PatternSyntaxException if a regular expression is not one
     */
    public SpanMatcher(Map<SpanCondition, Integer> conditions, int words) {
        Map<String, Map<OfAttribute, Integer>> byKey = new LinkedHashMap<>();
        List<TraceStateIn> states = new ArrayList<>();
        List<Integer> stateBits = new ArrayList<>();
        List<Flags> masks = new ArrayList<>();
        spanBits = new long[words];
        conditions.forEach((condition, bit) -> {
            spanBits[bit >>> 6] |= 1L << bit;
            switch (condition) {
                case OfAttribute of ->
                    byKey.computeIfAbsent(of.key(), k -> new LinkedHashMap<>()).put(of, bit);
                case TraceStateIn state -> {
                    states.add(state);
                    stateBits.add(bit);
                }
                case FlagsHave have -> masks.add(new Flags(have.mask(), bit));
            }
        });
        keys = new ByteTable(byKey.keySet().stream()
                .map(k -> k.getBytes(StandardCharsets.UTF_8))
                .toList());
        questions = byKey.values().stream().map(KeyQuestions::new).toArray(KeyQuestions[]::new);
        seen = new int[questions.length];
        traceStates = new TraceStates(
                states, stateBits.stream().mapToInt(Integer::intValue).toArray());
        flags = masks.toArray(Flags[]::new);
        asksAttributes = questions.length > 0;
    }

    /** The bits of all that is asked, of one word: where a trace has met them all, nothing need be asked any more. */
    public long bits(int word) {
        return spanBits[word];
    }

    /** Whether anything is asked about spans at all. */
    public boolean asksSpans() {
        return asksAttributes || flags.length > 0 || !traceStates.isEmpty();
    }

    /** Whether anything is asked about resources. */
    public boolean asksResources() {
        return asksAttributes;
    }

    /**
     * Sets the bits of what a resource meets.
     *
     * @param b checked bytes
     * @param from where the fields of a ResourceSpans begin, of which all but the first are passed over
     * @param end where they end, exclusive
     */
    public void resource(byte[] b, int from, int end, long[] met) {
        message++;
        try {
            int at = from;
            while (at < end) {
                int after = Wire.afterVarint(b, at, end);
                int tag = Wire.tag(b, at, after);
                at = Wire.skip(b, after, end, tag, Long.SIZE);
                if (tag == RESOURCE) {
                    resourceAttributes(b, Wire.afterVarint(b, after, at), at, met);
                }
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
    }

    private void resourceAttributes(byte[] b, int from, int end, long[] met) throws MalformedOtlpException {
        int at = from;
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            at = Wire.skip(b, after, end, tag, Long.SIZE);
            if (tag == RESOURCE_ATTRIBUTE) {
                attribute(b, Wire.afterVarint(b, after, at), at, true, met);
            }
        }
    }

    /**
     * Sets the bits of what a span meets.
     *
     * @param b checked bytes
     * @param from where the fields of a Span begin
     * @param end where they end, exclusive
     */
    public void span(byte[] b, int from, int end, long[] met) {
        message++;
        try {
            fields(b, from, end, met);
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("these bytes were not checked", e);
        }
    }

    private void fields(byte[] b, int from, int end, long[] met) throws MalformedOtlpException {
        int stateFrom = 0;
        int stateEnd = 0;
        int spanFlags = 0;
        int at = from;
        while (at < end) {
            int tag = b[at];
            int after = at + 1;
            if (tag < 8) {
                after = Wire.afterVarint(b, at, end);
                tag = Wire.tag(b, at, after);
            }
            if ((tag & 7) == Wire.BYTES) {
                int content = after + 1;
                int size = b[after];
                if (size < 0) {
                    content = Wire.afterVarint(b, after, end);
                    size = Wire.length(b, after, content, end);
                }
                at = content + size;
                if (tag == SPAN_ATTRIBUTE) {
                    attribute(b, content, at, false, met);
                } else if (tag == TRACE_STATE) {
                    stateFrom = content;
                    stateEnd = at;
                }
            } else if (tag == FLAGS) {
                spanFlags = Wire.fixed32(b, after);
                at = after + 4;
            } else {
                at = Wire.skip(b, after, end, tag, Long.SIZE);
            }
        }
        if (stateEnd > stateFrom) {
            traceStates.match(b, stateFrom, stateEnd, met);
        }
        for (Flags f : flags) {
            if ((spanFlags & f.mask) != 0) {
                met[f.bit >>> 6] |= 1L << f.bit;
            }
        }
    }

    private void attribute(byte[] b, int from, int end, boolean ofResource, long[] met) throws MalformedOtlpException {
        if (!asksAttributes) {
            return;
        }
        int keyFrom = from;
        int keyEnd = from;
        int valueFrom = from;
        int valueEnd = from;
        if (end - from >= 2 && b[from] == KEY && b[from + 1] >= 0) {
            keyFrom = from + 2;
            keyEnd = keyFrom + b[from + 1];
            int known = keys.find(b, keyFrom, keyEnd);
            if (known == ByteTable.NONE && (keyEnd == end || b[keyEnd] == VALUE)) {
                return; // Whoever writes another key behind the value cannot mean it.
            }
            int content = keyEnd + 2;
            if (content <= end && b[keyEnd] == VALUE && b[keyEnd + 1] == end - content) {
                ask(known, b, content, end, ofResource, met);
                return;
            }
        }
        int at = from;
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            at = Wire.skip(b, after, end, tag, Long.SIZE);
            if (tag == KEY) {
                keyFrom = Wire.afterVarint(b, after, at);
                keyEnd = at;
            } else if (tag == VALUE) {
                valueFrom = Wire.afterVarint(b, after, at);
                valueEnd = at;
            }
        }
        int key = keys.find(b, keyFrom, keyEnd);
        if (key != ByteTable.NONE) {
            ask(key, b, valueFrom, valueEnd, ofResource, met);
        }
    }

    private void ask(int key, byte[] b, int valueFrom, int valueEnd, boolean ofResource, long[] met) {
        if (seen[key] != message) {
            seen[key] = message;
            questions[key].ask(value.reset(b, valueFrom, valueEnd), ofResource, met);
        }
    }
}
