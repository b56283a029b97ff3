package weir.hash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Vectors of the collector: the old form's are its own tests', the current form's were computed apart, in Python. */
class Crc32RingTest {
    private static final List<Member> TWO = List.of(new Member("endpoint-1", "a:1"), new Member("endpoint-2", "b:1"));

    @Test
    void position_ofTheFirstNodes_isTheCollectors() {
        assertThat(positions("endpoint-1", true)).containsExactly(1401, 4175, 14133, 17836, 21667);
        assertThat(positions("endpoint-2", true)).containsExactly(10240, 15002, 21263, 26806, 27020);
        assertThat(positions("endpoint-1", false)).containsExactly(8650, 10707, 14724, 24239, 35777);
        assertThat(positions("endpoint-2", false)).containsExactly(2417, 15546, 19459, 19796, 27103);
    }

    private static int[] positions(String endpoint, boolean old) {
        return IntStream.range(0, 5)
                .map(node -> Crc32Ring.position(endpoint.getBytes(UTF_8), node, old))
                .sorted()
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "0102030405060708, 090a0b0c0d0e0f10, 156008689, 20689",
        "4bf92f3577b34da6, a3ce929d0e0e4736, 374044869, 4869",
        "0000000000000000, 0000000000000001, 2612820931, 12931",
        "ffffffffffffffff, ffffffffffffffff, 1068746266, 14266",
        "5b8efff798038103, d269b633813fc60c, 3625139896, 11896"
    })
    void crc_traceId_isThatOfItsBytes(String high, String low, long crc, int position) {
        int sum = Crc32Ring.crc(Long.parseUnsignedLong(high, 16), Long.parseUnsignedLong(low, 16));

        assertThat(Integer.toUnsignedLong(sum)).isEqualTo(crc);
        assertThat(Crc32Ring.position(sum)).isEqualTo(position);
    }

    @Test
    void ownerOf_keysOfTheCollectorsTest_areAtTheirEndpoints() {
        List<byte[]> keys = List.of(
                new byte[] {1, 2, 0, 0},
                new byte[] {(byte) 128, (byte) 128, 0, 0},
                "ad-service-7".getBytes(UTF_8),
                "get-recommendations-1".getBytes(UTF_8));
        Membership old = Membership.of(TWO, 1, Ring.CRC32_OLD);
        Membership now = Membership.of(TWO, 1, Ring.CRC32);

        assertThat(keys.stream().map(k -> old.ownerOf(k, 0, k.length))).containsExactly(0, 1, 0, 1);
        assertThat(keys.stream().map(k -> now.ownerOf(k, 0, k.length))).containsExactly(1, 0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32_OLD"})
    void ownerOf_everyPosition_isTheNextNodeByHand(Ring ring) {
        Membership members = Membership.of(TWO, 1, ring);
        boolean old = ring == Ring.CRC32_OLD;
        int[] nodes = new int[36_000];
        for (int e = 0; e < 2; e++) {
            for (int i = 0; i < 100; i++) {
                int at = Crc32Ring.position(TWO.get(e).name().getBytes(UTF_8), i, old);
                while (nodes[at] != 0 && !old) {
                    at = (at + 1) % nodes.length;
                }
                nodes[at] = nodes[at] == 0 ? e + 1 : nodes[at];
            }
        }
        for (long id = 0; id < 20_000; id++) {
            int at = Crc32Ring.position(Crc32Ring.crc(0, id));
            while (nodes[at] == 0) {
                at = (at + 1) % nodes.length;
            }
            assertThat(members.ownerOf(0, id)).isEqualTo(nodes[at] - 1);
        }
    }

    @Test
    void owner_mixedKey_isNotKnownToTheRing() {
        Membership members = Membership.of(TWO, 1, Ring.CRC32);

        assertThatIllegalStateException().isThrownBy(() -> members.owner(7)).withMessageContaining("bytes");
    }

    @Test
    void fingerprint_sameNames_isTheSameWhateverElseDiffers() {
        Membership one = Membership.of(TWO, 1);
        Membership moved =
                Membership.of(List.of(new Member("endpoint-2", "x:9", "h"), new Member("endpoint-1", "y:9")), 7);

        assertThat(moved.fingerprint()).isEqualTo(one.fingerprint());
        assertThat(Membership.of(TWO, 1, Ring.CRC32).fingerprint()).isNotEqualTo(one.fingerprint());
        assertThat(Membership.of(TWO.subList(0, 1), 1).fingerprint()).isNotEqualTo(one.fingerprint());
    }
}
