package weir.hash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who owns which key, by rendezvous hashing (Thaler and Ravishankar 1998): every member scores every key, the highest score
 * owns it. When one of N members leaves, its keys and no others move, evenly to all that stay; when one joins, it takes 1/N
 * of each. Beside collectors it can use their rings instead; see {@link Ring}.
 *
 * <p>Depends on the set of names alone: not on their order, nor on addresses. A snapshot that never changes; any thread may
 * use it. A lookup costs about 2 ns a member and allocates nothing.
 */
public final class Membership {
    private static final String SALT = "weir/owner/";

    private final List<Member> members;
    private final long[] seeds;
    private final long generation;
    private final Ring ring;
    private final @Nullable Crc32Ring positions;
    private final long fingerprint;

    private Membership(List<Member> members, long generation, Ring ring) {
        this.members = members;
        this.generation = generation;
        this.ring = ring;
        this.seeds = new long[members.size()];
        long sum = ring.ordinal();
        for (int i = 0; i < seeds.length; i++) {
            byte[] salted = (SALT + members.get(i).name()).getBytes(StandardCharsets.UTF_8);
            seeds[i] = Mix.hash(salted, 0, salted.length);
            sum = Mix.mix(sum, seeds[i]);
        }
        fingerprint = sum;
        positions = ring == Ring.RENDEZVOUS
                ? null
                : Crc32Ring.of(members.stream().map(Member::name).toList(), ring == Ring.CRC32_OLD);
    }

    /** A snapshot, by rendezvous hashing; see {@link #of(List, long, Ring)}. */
    public static Membership of(List<Member> members, long generation) {
        return of(members, generation, Ring.RENDEZVOUS);
    }

    /**
     * A snapshot.
     *
     * @param members in any order; no two of the same name
     * @param generation a number that grows with every change, as whoever watches the members counts them
     * @param ring for the collector's rings, each member's name is its endpoint as the collector spells it
     */
    public static Membership of(List<Member> members, long generation, Ring ring) {
        List<Member> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(Member::name));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).name().equals(sorted.get(i - 1).name())) {
                throw new IllegalArgumentException(
                        "two members are named \"" + sorted.get(i).name() + "\"");
            }
        }
        return new Membership(List.copyOf(sorted), generation, ring);
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

    /** What tells two views of who the members are apart, whoever has them: depends on the names and the ring alone. */
    public long fingerprint() {
        return fingerprint;
    }

    /** The position in {@link #members} of the member of a name; -1 if there is none. */
    public int indexOf(String name) {
        for (int i = 0; i < seeds.length; i++) {
            if (members.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The position in {@link #members} of the owner of a trace. */
    public int ownerOf(long traceIdHigh, long traceIdLow) {
        return positions == null
                ? owner(Mix.mix(traceIdHigh, traceIdLow))
                : positions.owner(Crc32Ring.crc(traceIdHigh, traceIdLow));
    }

    /** The position in {@link #members} of the owner of a key that is bytes. */
    public int ownerOf(byte[] key, int from, int end) {
        return positions == null ? owner(Mix.hash(key, from, end)) : positions.owner(Crc32Ring.crc(key, from, end));
    }

    /**
     * The position in {@link #members} of the owner of a key.
     *
     * @param key mixed, as {@link Mix} gives it
     * @throws IllegalStateException if there are no members, or if the ring is one that knows keys by their bytes only
     */
    public int owner(long key) {
        if (positions != null) {
            throw new IllegalStateException(ring + " knows keys by their bytes");
        }
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
        return other instanceof Membership that
                && generation == that.generation
                && ring == that.ring
                && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return Objects.hash(members, generation, ring);
    }
}
