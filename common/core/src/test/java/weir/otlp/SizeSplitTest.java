package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SizeSplitTest {
    private final SizeSplit split = new SizeSplit();

    @ParameterizedTest
    @EnumSource
    void split_randomRequests_keepsEveryItemWithWhatItLiesInAndTheBound(Signal signal) throws Exception {
        int cut = 0;
        for (int seed = 0; seed < 300; seed++) {
            RandomOtlp random = new RandomOtlp(seed);
            byte[] bytes = random.message(signal, false).toByteArray();
            Batch batch = OtlpCheck.check(signal, bytes, 0, bytes.length).routed(seed, true);
            if (batch.items() < 2) {
                continue;
            }
            int max = 1 + random.random.nextInt(bytes.length);

            List<Batch> parts = split.split(batch, max);

            List<String> items = new ArrayList<>();
            for (Batch part : parts) {
                assertThat(part.length() <= max || part.items() == 1)
                        .as("seed %d, %s with a bound of %d", seed, part, max)
                        .isTrue();
                assertThat(OtlpCheck.check(signal, part.bytes(), part.offset(), part.length())
                                .items())
                        .isEqualTo(part.items());
                assertThat(part.routedBy()).isEqualTo(seed);
                assertThat(part.isForwarded()).isTrue();
                items.addAll(items(part));
            }
            assertThat(items).as("seed " + seed).isEqualTo(items(batch));
            cut += parts.size() > 1 ? 1 : 0;
        }
        assertThat(cut).isGreaterThan(50);
    }

    @Test
    void split_manySpans_needsHardlyMoreRequestsThanTheirBytesDo() {
        Batch batch = OtlpSamples.traceBatch(1, 1000, 30);
        int max = 1 << 20;

        List<Batch> parts = split.split(batch, max);

        assertThat(parts).hasSize(batch.length() / max + 1);
        assertThat(parts.stream().mapToInt(Batch::items).sum()).isEqualTo(30_000);
    }

    @Test
    void split_oneSpanOverTheBound_isAloneAndTheOthersAreWithinIt() {
        Batch batch = OtlpSamples.traceBatch(1, 3, 1);
        int spans = batch.length() / 3;

        assertThat(split.split(batch, spans / 2)).hasSize(3).allMatch(part -> part.items() == 1);
        assertThat(split.split(batch, batch.length())).containsExactly(batch);
    }

    /** Each item in text with all that surrounds it, in order. */
    private static List<String> items(Batch batch) throws Exception {
        List<String> items = new ArrayList<>();
        Message request =
                RandomOtlp.parse(batch.signal(), Arrays.copyOfRange(batch.bytes(), batch.offset(), batch.end()));
        TreeSplit tree = new TreeSplit();
        Batch whole = Batch.of(batch.signal(), request.toByteArray(), batch.items());
        tree.index(whole, TreeSplit.Leaf.itemOf(batch.signal()));
        for (int i = 0; i < tree.leaves(); i++) {
            int[] only = new int[tree.leaves()];
            only[i] = 1;
            Batch alone = tree.batch(only, 1);
            items.add(RandomOtlp.parse(batch.signal(), Arrays.copyOfRange(alone.bytes(), alone.offset(), alone.end()))
                    .toString());
        }
        return items;
    }
}
