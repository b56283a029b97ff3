package weir.gateway.sampling.match;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.gateway.sampling.match.SpanCondition.BooleanIs;
import weir.gateway.sampling.match.SpanCondition.NumberInRange;
import weir.gateway.sampling.match.SpanCondition.OfAttribute;
import weir.gateway.sampling.match.SpanCondition.TextIn;
import weir.gateway.sampling.match.SpanCondition.TextMatches;
import weir.match.ByteTable;
import weir.match.TextPatterns;
import weir.otlp.ValueType;
import weir.otlp.ValueView;

/** All that is asked about the attributes of one key. Belongs to one thread at a time. */
final class KeyQuestions {
    private record Numbers(NumberInRange range, int bit) {}

    private record Booleans(BooleanIs question, int bit) {}

    private record Texts(TextPatterns patterns, boolean empty, int bit) {}

    private final ByteTable exact;
    /** For each exact text the bits of the questions that it answers. */
    private final int[][] exactBits;

    private final Numbers[] numbers;
    private final Booleans[] booleans;
    private final Texts[] texts;

    KeyQuestions(Map<OfAttribute, Integer> questions) {
        Map<String, List<Integer>> values = new TreeMap<>();
        List<Numbers> n = new ArrayList<>();
        List<Booleans> b = new ArrayList<>();
        List<Texts> t = new ArrayList<>();
        questions.forEach((question, bit) -> {
            switch (question) {
                case NumberInRange range -> n.add(new Numbers(range, bit));
                case BooleanIs is -> b.add(new Booleans(is, bit));
                case TextMatches m ->
                    t.add(new Texts(new TextPatterns(m.expressions(), m.remembered()), m.empty(), bit));
                case TextIn in ->
                    in.values().stream()
                            .filter(v -> in.empty() || !v.isEmpty())
                            .forEach(v -> values.computeIfAbsent(v, x -> new ArrayList<>())
                                    .add(bit));
            }
        });
        exact = new ByteTable(values.keySet().stream()
                .map(v -> v.getBytes(StandardCharsets.UTF_8))
                .toList());
        exactBits = values.values().stream()
                .map(bits -> bits.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        numbers = n.toArray(Numbers[]::new);
        booleans = b.toArray(Booleans[]::new);
        texts = t.toArray(Texts[]::new);
    }

    /**
     * Sets the bits of the questions that a value answers with yes.
     *
     * @param ofResource whether it is an attribute of a resource
     */
    void ask(ValueView value, boolean ofResource, long[] met) {
        boolean isText = value.type() == ValueType.STRING;
        byte[] b = value.bytes();
        int from = value.from();
        int end = isText ? value.end() : from;
        if (isText) {
            int known = exact.find(b, from, end);
            if (known != ByteTable.NONE) {
                for (int bit : exactBits[known]) {
                    set(met, bit);
                }
            }
        }
        for (Texts t : texts) {
            boolean asked = end > from || (t.empty ? isText : ofResource);
            if (asked && isUnset(met, t.bit) && t.patterns.match(b, from, end)) {
                set(met, t.bit);
            }
        }
        for (Numbers n : numbers) {
            if (isIn(n.range, value)) {
                set(met, n.bit);
            }
        }
        for (Booleans q : booleans) {
            if (q.question.typed() && value.type() != ValueType.BOOL) {
                continue;
            }
            if (value.booleanValue() == q.question.value()) {
                set(met, q.bit);
            }
        }
    }

    private static boolean isIn(NumberInRange range, ValueView value) {
        if (range.typed() && value.type() == ValueType.DOUBLE) {
            double number = value.doubleValue();
            return number >= range.min() && number <= range.max();
        }
        if (range.typed() && value.type() != ValueType.INT) {
            return false;
        }
        long number = value.longValue();
        return number >= range.min() && number <= range.max();
    }

    private static boolean isUnset(long[] met, int bit) {
        return (met[bit >>> 6] & 1L << bit) == 0;
    }

    private static void set(long[] met, int bit) {
        met[bit >>> 6] |= 1L << bit;
    }
}
