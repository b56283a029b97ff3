package weir.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ByteTableTest {
    private static final List<String> KEYS = List.of(
            "",
            "a",
            "url.path",
            "http.request.method",
            "http.request.method_original",
            "http.response.status_code",
            "abcdefgh-one-ijklmnop",
            "abcdefgh-two-ijklmnop",
            "abcdefghijklmnop",
            "x".repeat(63),
            "x".repeat(64),
            "x".repeat(300));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteTable table(List<String> keys) {
        return new ByteTable(keys.stream().map(ByteTableTest::bytes).toList());
    }

    /** Whether anything lies before and behind, as there is no room to read eight bytes at the end of an array. */
    private static int find(ByteTable table, String text, int before, int behind) {
        byte[] b = new byte[before + bytes(text).length + behind];
        Arrays.fill(b, (byte) 'a');
        System.arraycopy(bytes(text), 0, b, before, bytes(text).length);
        return table.find(b, before, b.length - behind);
    }

    @Test
    void find_eachKeyAnywhere_isItsNumber() {
        ByteTable table = table(KEYS);
        for (int i = 0; i < KEYS.size(); i++) {
            for (int around = 0; around < 100; around++) {
                assertThat(find(table, KEYS.get(i), around / 10, around % 10))
                        .as(KEYS.get(i))
                        .isEqualTo(i);
            }
        }
    }

    @Test
    void find_almostAKey_isNone() {
        ByteTable table = table(KEYS);
        for (String key : KEYS) {
            for (int at = 0; at < key.length(); at++) {
                String other = key.substring(0, at) + '#' + key.substring(at + 1);
                assertThat(find(table, other, 3, 9)).as(other).isEqualTo(ByteTable.NONE);
                assertThat(find(table, other, 0, 0)).as(other).isEqualTo(ByteTable.NONE);
            }
        }
    }

    @Test
    void find_inNoKeys_isNone() {
        assertThat(find(table(List.of()), "", 0, 0)).isEqualTo(ByteTable.NONE);
        assertThat(find(table(List.of()), "url.path", 1, 1)).isEqualTo(ByteTable.NONE);
    }

    @Test
    void find_amongManyRandomKeys_isAsAListFindsThem() {
        Random random = new Random(5);
        List<String> keys = IntStream.range(0, 2_000)
                .mapToObj(_ -> IntStream.range(0, random.nextInt(20))
                        .mapToObj(_ -> random.nextBoolean() ? "a" : "b")
                        .reduce("", String::concat))
                .distinct()
                .toList();
        List<String> some = keys.subList(0, keys.size() / 2);
        ByteTable table = table(some);
        for (String key : keys) {
            assertThat(find(table, key, random.nextInt(9), random.nextInt(9)))
                    .as(key)
                    .isEqualTo(some.indexOf(key));
        }
    }
}
