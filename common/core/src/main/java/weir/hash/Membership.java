package weir.hash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Who owns which key, by rendezvous hashing (Thaler and Ravishankar 1998): every member scores every key, the highest score
 * owns it. When one of N members leaves, its keys and no others move, evenly to all that stay; when one joins, it takes 1/N
 * of each.
 *
 * <p>Depends on the set of names alone: not on their order, nor on addresses. A snapshot that never changes; any thread may
 * use it. A lookup costs about 2 ns a member and allocates nothing.
 */
public final class Membership {
    private static final String SALT = "weir/owner/";

    private final List<Member> members;
    private final long[] seeds;
    private final long generation;

    private Membership(List<Member> members, long generation) {
        this.members = members;
        this.generation = generation;
        this.seeds = new long[members.size()];
        for (int i = 0; i < seeds.length; i++) {
            byte[] salted = (SALT + members.get(i).name()).getBytes(StandardCharsets.UTF_8);
            seeds[i] = Mix.hash(salted, 0, salted.length);
        }
    }

    /**
     * A snapshot.
     *
     * @param members in any order; no two of the same name
     * @param generation a number that grows with every change, as whoever watches the members counts them
     */
    public static Membership of(List<Member> members, long generation) {
        List<Member> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(Member::name));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).name().equals(sorted.get(i - 1).name())) {
                throw new IllegalArgumentException(
                        "two members are named \"" + sorted.get(i).name() + "\"");
            }
        }
        return new Membership(List.copyOf(sorted), generation);
    }

    /** Sorted by name. */
    public List<Member> members() {
        return members;
    }

    public int size() {
        return seeds.length;
    }

    public long generation() {
        return generation;
    }

    /** The position in {@link #members} of the owner of a trace. */
    public int ownerOf(long traceIdHigh, long traceIdLow) {
        return owner(Mix.mix(traceIdHigh, traceIdLow));
    }

    /**
     * The position in {@link #members} of the owner of a key.
     *
     * @param key mixed, as {@link Mix} gives it
     * @throws IllegalStateException if there are no members
     */
    public int owner(long key) {
        int owner = -1;
        long best = 0;
        for (int i = 0; i < seeds.length; i++) {
            long score = Mix.mix(key ^ seeds[i]);
            if (owner < 0 || Long.compareUnsigned(score, best) > 0) {
                owner = i;
                best = score;
            }
        }
        if (owner < 0) {
            throw new IllegalStateException("nobody to own a key");
        }
        return owner;
    }

    /** Whether these are the same members under the same names at the same addresses, whatever the generation. */
    public boolean sameMembers(Membership other) {
        return members.equals(other.members);
    }

    @Override
    public String toString() {
        return "generation " + generation + ": " + members;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Membership that && generation == that.generation && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return Objects.hash(members, generation);
    }
}
