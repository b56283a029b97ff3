package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TraceIndexesTest {
    private final TraceIndexes indexes = new TraceIndexes(2);

    @Test
    void take_afterGive_givesTheSameEmptied() throws Exception {
        TraceIndex index = indexes.take();
        byte[] bytes = OtlpSamples.traces(1, 1, 2);
        index.index(bytes, 0, bytes.length);

        indexes.give(index);

        assertThat(indexes.take()).isSameAs(index);
        assertThat(index.spans()).isZero();
        assertThat(index.bytes()).isEmpty();
        assertThat(indexes.take()).isNotSameAs(index);
    }

    @Test
    void give_moreThanItKeeps_letsGoOfThem() {
        TraceIndex first = new TraceIndex();
        TraceIndex second = new TraceIndex();
        indexes.give(first);
        indexes.give(second);
        indexes.give(new TraceIndex());

        assertThat(indexes.take()).isSameAs(first);
        assertThat(indexes.take()).isSameAs(second);
        assertThat(indexes.take()).isNotIn(first, second);
    }

    @Test
    void give_afterAHugeRequest_letsGoOfIt() throws Exception {
        TraceIndex index = new TraceIndex();
        byte[] bytes = OtlpSamples.traces(1, 20_000, 1);
        index.index(bytes, 0, bytes.length);

        indexes.give(index);

        assertThat(indexes.take()).isNotSameAs(index);
    }
}
