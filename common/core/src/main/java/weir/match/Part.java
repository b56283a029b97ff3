package weir.match;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the texts that a part of a regular expression matches. All sets keep their order.
 *
 * @param exact all of these texts, if they are few; null: not known
 * @param needed non-empty literals of which each of these texts has one; null: not known
 * @param first literals of which each of these texts begins with one; null: not known
 */
record Part(
        @Nullable Set<String> exact,
        @Nullable Set<String> needed,
        @Nullable Set<String> first) {
    /** How many alternatives are followed; more of them are slower to look for than the expression is to ask. */
    private static final int MAX_ALTERNATIVES = 16;

    /** Matches the empty text only. */
    static final Part EMPTY = exactly(Set.of(""));

    /** May match anything. */
    static final Part ANYTHING = new Part(null, null, null);

    static Part exactly(Set<String> texts) {
        return new Part(texts, useful(texts), texts);
    }

    private static @Nullable Set<String> useful(@Nullable Set<String> texts) {
        return texts == null || texts.contains("") ? null : texts;
    }

    /** This one or that one. */
    Part or(Part other) {
        return new Part(union(exact, other.exact), union(needed, other.needed), union(first, other.first));
    }

    private static @Nullable Set<String> union(@Nullable Set<String> one, @Nullable Set<String> other) {
        if (one == null || other == null || one.size() + other.size() > MAX_ALTERNATIVES) {
            return null;
        }
        Set<String> both = new LinkedHashSet<>(one);
        both.addAll(other);
        return both;
    }

    /** This one once or more often. */
    Part repeated() {
        return new Part(null, needed, first);
    }

    /** This one or nothing. */
    Part optional() {
        return new Part(union(exact, Set.of("")), null, null);
    }

    /** The literals that tell more: those whose shortest is longer. */
    static @Nullable Set<String> better(@Nullable Set<String> one, @Nullable Set<String> other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return shortest(other) > shortest(one) ? other : one;
    }

    private static int shortest(Set<String> texts) {
        return texts.stream().mapToInt(String::length).min().orElse(0);
    }

    /** Each of these texts followed by each of those; null if they are too many or not known. */
    static @Nullable Set<String> product(Set<String> heads, @Nullable Set<String> tails) {
        if (tails == null || heads.size() * tails.size() > MAX_ALTERNATIVES) {
            return null;
        }
        Set<String> all = new LinkedHashSet<>();
        for (String head : heads) {
            for (String tail : tails) {
                all.add(head + tail);
            }
        }
        return all;
    }
}
