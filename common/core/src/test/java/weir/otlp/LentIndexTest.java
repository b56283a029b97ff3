package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LentIndexTest {
    private final TraceIndex scratch = new TraceIndex();

    @Test
    void index_askedTwice_isMadeOnceAndNotInTheScratch() throws Exception {
        Batch batch = OtlpSamples.traceBatch(1, 2, 3).withoutIndex().lending(new LentIndex());

        TraceIndex first = batch.index(scratch);

        assertThat(first.spans()).isEqualTo(6);
        assertThat(first).isNotSameAs(scratch);
        assertThat(batch.index(scratch)).isSameAs(first);
        assertThat(batch.routed(7, true).index(scratch)).isSameAs(first);
    }

    @Test
    void withoutIndex_lending_neverReadsWhatWasLent() throws Exception {
        Batch batch = OtlpSamples.traceBatch(1, 2, 3).lending(new LentIndex());

        assertThat(batch.withoutIndex().index(scratch)).isSameAs(scratch);
    }

    @Test
    void takeBack_askedBefore_emptiesTheIndexForTheNext() throws Exception {
        LentIndex lent = new LentIndex();
        TraceIndex index = OtlpSamples.traceBatch(1, 2, 3).lending(lent).index(scratch);

        lent.takeBack();

        assertThat(index.spans()).isZero();
        lent.takeBack();
    }

    @Test
    void takeBack_neverAsked_hasNothingToGive() {
        new LentIndex().takeBack();
    }

    @Test
    void index_askedByManyAtOnce_isTheSameForAll() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 50; round++) {
                LentIndex lent = new LentIndex();
                Batch batch = OtlpSamples.traceBatch(round, 20, 3).lending(lent);
                List<Callable<TraceIndex>> askers = IntStream.range(0, 8)
                        .mapToObj(i -> (Callable<TraceIndex>) () -> batch.index(new TraceIndex()))
                        .toList();
                var answers = threads.invokeAll(askers);
                for (var answer : answers) {
                    assertThat(answer.get()).isSameAs(answers.getFirst().get());
                    assertThat(answer.get().spans()).isEqualTo(60);
                }
                lent.takeBack();
            }
        }
    }

    @Test
    void indexChecked_randomRequests_isAsTheIndexThatChecks() throws Exception {
        TraceIndex unchecked = new TraceIndex();
        for (int seed = 0; seed < 300; seed++) {
            byte[] bytes = new RandomOtlp(seed).bytes(Signal.TRACES);
            byte[] shifted = new byte[bytes.length + 13];
            Arrays.fill(shifted, (byte) 0xff);
            System.arraycopy(bytes, 0, shifted, 6, bytes.length);
            scratch.index(shifted, 6, bytes.length);

            unchecked.indexChecked(shifted, 6, bytes.length);

            assertThat(content(unchecked)).as("seed " + seed).isEqualTo(content(scratch));
        }
    }

    /** An id may have been set to what no sender would get through the door. */
    @Test
    void indexChecked_idOfAnotherSize_isRefused() {
        byte[] bytes = {0x0a, 9, 0x12, 7, 0x12, 5, 0x0a, 3, 1, 2, 3};

        assertThatThrownBy(() -> scratch.indexChecked(bytes, 0, bytes.length))
                .isInstanceOf(MalformedOtlpException.class);
        assertThat(scratch.spans()).isZero();
    }

    private static List<List<Long>> content(TraceIndex index) {
        return List.of(
                IntStream.range(0, index.spans())
                        .boxed()
                        .flatMap(i -> Stream.of(
                                (long) index.spanStart(i),
                                (long) index.spanFrom(i),
                                (long) index.spanEnd(i),
                                (long) index.scopeOf(i),
                                (long) index.flags(i),
                                index.traceIdHigh(i),
                                index.traceIdLow(i),
                                index.startNanos(i),
                                index.endNanos(i)))
                        .toList(),
                IntStream.range(0, index.scopes())
                        .boxed()
                        .flatMap(i -> Stream.of(
                                (long) index.scopeFrom(i), (long) index.scopeEnd(i), (long) index.firstSpan(i), (long)
                                        index.resourceOf(i)))
                        .toList(),
                IntStream.range(0, index.resources())
                        .boxed()
                        .flatMap(i -> Stream.of(
                                (long) index.resourceFrom(i), (long) index.resourceEnd(i), (long) index.firstScope(i)))
                        .toList());
    }
}
