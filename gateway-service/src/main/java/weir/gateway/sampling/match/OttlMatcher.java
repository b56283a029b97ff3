package weir.gateway.sampling.match;

import java.util.List;
import java.util.Map;
import weir.ottl.Conditions;
import weir.ottl.Environment;
import weir.ottl.ErrorMode;
import weir.ottl.OttlException;
import weir.ottl.StatementException;
import weir.ottl.context.Contexts;
import weir.ottl.context.Item;
import weir.ottl.context.ItemContext;
import weir.ottl.context.SpanCursor;

/**
 * Answers questions in OTTL about one span after the other, in the order in which they came: a bit for the condition that is met
 * first. A trace's question is answered once; as in the collector's policy nothing is evaluated after that, so that neither can
 * a later span fail. Belongs to one thread at a time.
 */
public final class OttlMatcher {
    private static final int NONE = -1;

    private final Asked[] asked;
    private final SpanCursor cursor = new SpanCursor();
    private long toldErrors;

    /**
     * @param questions that were found to be sound, with the number of their first bit
     * @param words of all arrays of bits that it is given
     */
    public OttlMatcher(Map<OttlQuestion, Integer> questions, int words, Environment environment) {
        asked = questions.entrySet().stream()
                .map(q -> new Asked(q.getKey(), q.getValue(), words, environment))
                .toArray(Asked[]::new);
    }

    /** Whether any question is not answered yet, by what was answered before. */
    public boolean isOpen(long[] met) {
        for (Asked question : asked) {
            if (question.isOpen(met)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The spans from now on are of this resource.
     *
     * @param b checked bytes, here and below
     * @param from where the fields of a ResourceSpans begin; its scopes may be missing
     * @param end where they end, exclusive
     */
    public void resource(byte[] b, int from, int end) {
        cursor.resource(b, from, end);
    }

    /**
     * The spans from now on are of this scope.
     *
     * @param from where the fields of a ScopeSpans begin; its spans may be missing
     * @param end where they end, exclusive
     */
    public void scope(byte[] b, int from, int end) {
        cursor.scope(b, from, end);
    }

    /**
     * Sets the bits of what a span answers of the questions that are open.
     *
     * @param from where the fields of a Span begin
     * @param end where they end, exclusive
     * @param met what was answered before
     */
    public void span(byte[] b, int from, int end, long[] met) {
        cursor.span(b, from, end);
        for (Asked question : asked) {
            if (question.isOpen(met)) {
                question.ask(cursor, met);
            }
        }
    }

    /** How many conditions could not be evaluated since this was called last, of spans and events, whatever the mode. */
    public long newErrors() {
        long all = 0;
        for (Asked question : asked) {
            all += question.errors();
        }
        long more = all - toldErrors;
        toldErrors = all;
        return more;
    }

    /** A question, its conditions compiled one by one so that it can be told which of them was met. */
    private static final class Asked {
        private final List<Conditions<Item>> ofSpan;
        private final List<Conditions<Item>> ofEvent;
        private final int bit;
        private final int failed;
        private final long[] bits;

        Asked(OttlQuestion question, int bit, int words, Environment environment) {
            this.ofSpan = compiled(question.ofSpan(), Contexts.SPAN, question.mode(), environment);
            this.ofEvent = compiled(question.ofEvent(), Contexts.SPAN_EVENT, question.mode(), environment);
            this.bit = bit;
            this.failed = question.canFail() ? bit + ofSpan.size() + ofEvent.size() : NONE;
            this.bits = new long[words];
            for (int i = bit; i < bit + question.bits(); i++) {
                set(bits, i);
            }
        }

        private static List<Conditions<Item>> compiled(
                List<String> conditions, ItemContext context, ErrorMode mode, Environment environment) {
            return conditions.stream()
                    .map(c -> compiled(c, context, mode, environment))
                    .toList();
        }

        private static Conditions<Item> compiled(
                String condition, ItemContext context, ErrorMode mode, Environment environment) {
            try {
                return Conditions.compile(List.of(condition), context, mode, environment);
            } catch (StatementException e) {
                throw new IllegalStateException("compiled before it was checked", e);
            }
        }

        private static void set(long[] words, int bit) {
            words[bit >>> 6] |= 1L << bit;
        }

        boolean isOpen(long[] met) {
            for (int w = 0; w < bits.length; w++) {
                if ((met[w] & bits[w]) != 0) {
                    return false;
                }
            }
            return true;
        }

        void ask(SpanCursor cursor, long[] met) {
            int answer;
            try {
                answer = first(cursor);
            } catch (OttlException _) {
                // Only thrown if the question can fail; it was counted where it was thrown.
                answer = failed;
            }
            if (answer != NONE) {
                set(met, answer);
            }
        }

        private int first(SpanCursor cursor) {
            Item item = cursor.item();
            for (int i = 0; i < ofSpan.size(); i++) {
                if (ofSpan.get(i).test(item)) {
                    return bit + i;
                }
            }
            if (!ofEvent.isEmpty()) {
                cursor.beforeEvents();
                while (cursor.nextEvent()) {
                    for (int i = 0; i < ofEvent.size(); i++) {
                        if (ofEvent.get(i).test(item)) {
                            return bit + ofSpan.size() + i;
                        }
                    }
                }
            }
            return NONE;
        }

        long errors() {
            long errors = 0;
            for (Conditions<Item> condition : ofSpan) {
                errors += condition.errors();
            }
            for (Conditions<Item> condition : ofEvent) {
                errors += condition.errors();
            }
            return errors;
        }
    }
}
