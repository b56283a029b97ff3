package weir.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipTest {
    private static final int KEYS = 100_000;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 100})
    void owner_randomKeys_areSpreadEvenly(int n) {
        int[] keys = new int[n];
        Membership membership = gateways(n);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < KEYS; i++) {
            keys[membership.ownerOf(random.nextLong(), random.nextLong())]++;
        }

        // Six standard deviations of a fair draw.
        double expected = (double) KEYS / n;
        assertThat(keys)
                .satisfies(k -> IntStream.of(k)
                        .forEach(owned -> assertThat((double) owned)
                                .isBetween(expected - 6 * Math.sqrt(expected), expected + 6 * Math.sqrt(expected))));
    }

    @Test
    void owner_countedIds_areSpreadEvenlyToo() {
        int[] keys = new int[3];
        Membership membership = gateways(3);
        for (int i = 0; i < KEYS; i++) {
            keys[membership.ownerOf(0, i)]++;
        }

        assertThat(keys)
                .satisfies(k -> IntStream.of(k)
                        .forEach(owned -> assertThat(owned).isBetween(KEYS / 3 - 1200, KEYS / 3 + 1200)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 50})
    void owner_oneJoins_takesItsShareAndNothingElseMoves(int n) {
        Membership before = gateways(n);
        Membership after = gateways(n + 1);
        SplittableRandom random = new SplittableRandom(2);
        int moved = 0;
        for (int i = 0; i < KEYS; i++) {
            long key = random.nextLong();
            String was = name(before, key);
            String is = name(after, key);
            if (!was.equals(is)) {
                assertThat(is).isEqualTo("gateway-" + n);
                moved++;
            }
        }

        double expected = (double) KEYS / (n + 1);
        assertThat((double) moved).isBetween(expected - 6 * Math.sqrt(expected), expected + 6 * Math.sqrt(expected));
    }

    @Test
    void owner_membersInAnotherOrderAtOtherAddresses_ownTheSameKeys() {
        List<Member> moved = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            moved.add(new Member("gateway-" + i, "10.9.9." + i));
        }
        Collections.reverse(moved);
        Membership before = gateways(5);
        Membership after = Membership.of(moved, 2);

        for (long key = 0; key < 10_000; key++) {
            assertThat(name(after, Mix.mix(key))).isEqualTo(name(before, Mix.mix(key)));
        }
    }

    @Test
    void owner_isIndependentOfTheBitsThatSamplingReads() {
        Membership membership = gateways(2);
        SplittableRandom random = new SplittableRandom(3);
        int kept = 0;
        int keptByFirst = 0;
        while (kept < 20_000) {
            long high = random.nextLong();
            long low = random.nextLong();
            if ((low & 0xff_ffff_ffff_ffffL) < (1L << 56) / 10) {
                kept++;
                keptByFirst += membership.ownerOf(high, low) == 0 ? 1 : 0;
            }
        }

        assertThat(keptByFirst).isBetween(10_000 - 425, 10_000 + 425);
    }

    /** Agents and gateways of different versions must agree, so these never change. Computed apart, in Python. */
    @Test
    void owner_knownKeys_neverMoveBetweenVersions() {
        Membership membership = gateways(3);

        assertThat(membership.ownerOf(0x0102030405060708L, 0x090a0b0c0d0e0f10L)).isEqualTo(VECTORS[0]);
        assertThat(membership.ownerOf(0x4bf92f3577b34da6L, 0xa3ce929d0e0e4736L)).isEqualTo(VECTORS[1]);
        assertThat(membership.ownerOf(0L, 1L)).isEqualTo(VECTORS[2]);
        assertThat(membership.ownerOf(-1L, -1L)).isEqualTo(VECTORS[3]);
        assertThat(membership.ownerOf(0x5b8efff798038103L, 0xd269b633813fc60cL)).isEqualTo(VECTORS[4]);
    }

    private static final int[] VECTORS = {2, 0, 1, 0, 2};

    @Test
    void of_twoOfOneName_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Membership.of(List.of(new Member("a", "x:1"), new Member("a", "y:1")), 1))
                .withMessageContaining("\"a\"");
    }

    private static String name(Membership membership, long key) {
        return membership.members().get(membership.owner(key)).name();
    }

    private static Membership gateways(int n) {
        return Membership.of(
                IntStream.range(0, n)
                        .mapToObj(i -> new Member("gateway-" + i, "10.0.0." + i + ":4317"))
                        .toList(),
                1);
    }
}
