package weir.gateway.sampling.match;

import java.util.List;
import java.util.stream.Stream;
import weir.ottl.ErrorMode;

/**
 * A question in OTTL about single spans and their events: whether one meets any of several conditions. Equal ones share their
 * bits.
 *
 * @param ofSpan conditions about spans
 * @param ofEvent conditions about the events of spans
 * @param mode what becomes of a condition that cannot be evaluated: with {@link ErrorMode#PROPAGATE} the trace's question is
 *     then answered, by neither yes nor no
 */
public record OttlQuestion(List<String> ofSpan, List<String> ofEvent, ErrorMode mode) {
    public OttlQuestion {
        ofSpan = List.copyOf(ofSpan);
        ofEvent = List.copyOf(ofEvent);
    }

    /** All conditions in the order of their bits. */
    public List<String> conditions() {
        return Stream.concat(ofSpan.stream(), ofEvent.stream()).toList();
    }

    /** Whether a condition that cannot be evaluated answers the question. */
    public boolean canFail() {
        return mode == ErrorMode.PROPAGATE;
    }

    /** How many bits its answers take: one for each condition and, if it {@link #canFail}, a last one for that. */
    public int bits() {
        return ofSpan.size() + ofEvent.size() + (canFail() ? 1 : 0);
    }
}
