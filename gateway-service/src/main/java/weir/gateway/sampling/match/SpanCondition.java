package weir.gateway.sampling.match;

import java.util.List;
import java.util.Set;

/**
 * A question about single spans and their resources; equal ones share a bit. Semantics are those of the collector's
 * policies, with what is amiss in them as an option.
 */
public sealed interface SpanCondition {
    /** A question about the first attribute of a key, of the span or of its resource. */
    sealed interface OfAttribute extends SpanCondition {
        String key();
    }

    /**
     * The attribute is a whole number in a range.
     *
     * @param min inclusive
     * @param max inclusive
     * @param typed doubles are compared as such and nothing else matches; otherwise what is no whole number counts as 0
     */
    record NumberInRange(String key, long min, long max, boolean typed) implements OfAttribute {}

    /**
     * The attribute has this truth value.
     *
     * @param typed only a boolean can match; otherwise what is none counts as false
     */
    record BooleanIs(String key, boolean value, boolean typed) implements OfAttribute {}

    /**
     * The attribute is one of these texts.
     *
     * @param values empty ones are never met, unless {@code empty}
     * @param empty whether an empty text can match
     */
    record TextIn(String key, Set<String> values, boolean empty) implements OfAttribute {
        public TextIn {
            values = Set.copyOf(values);
        }
    }

    /**
     * One of these regular expressions is found in the attribute's text. On spans an empty text never matches; on resources
     * it is looked at, and so is what is no text, as if it were empty.
     *
     * @param remembered how many texts to remember the answer for
     * @param empty whether empty texts, and only texts, are looked at on spans and resources alike
     */
    record TextMatches(String key, List<String> expressions, int remembered, boolean empty) implements OfAttribute {
        public TextMatches {
            expressions = List.copyOf(expressions);
        }
    }

    /** The span's trace state is well-formed and its member of this key is one of these values. */
    record TraceStateIn(String key, Set<String> values) implements SpanCondition {
        public TraceStateIn {
            values = Set.copyOf(values);
        }
    }

    /** The span's flags have one of these bits. */
    record FlagsHave(int mask) implements SpanCondition {}
}
