package weir.connector.spanmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.otlp.OtlpSamples;
import weir.otlp.TraceIndex;
import weir.otlp.ValueRange;

/** The parts that span metrics are made of. */
class PartsTest {
    private static final int ROUNDS = 200;

    @Test
    void count_seriesThatAreThere_allocatesNothing() throws Exception {
        SpanCounter counter = new SpanCounter(
                Configs.of(
                        "{dimensions: [{name: http.request.method}, {name: http.response.status_code}, {glob: 'cache.*'}],"
                                + " histogram: {dimensions: [{name: cache.hit}], exponential: {}}, exemplars: {enabled: true},"
                                + " include_instrumentation_scope: [io.opentelemetry.netty-4.1]}"),
                "test-0",
                7);
        byte[] request = OtlpSamples.traces(1, 64, 8);
        TraceIndex index = new TraceIndex();
        index.index(request, 0, request.length);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 2 * ROUNDS; i++) {
            if (i == ROUNDS) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            counter.count(index, 1, 1);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ROUNDS * 100);
        assertThat(counter.families().getFirst().series().count(0)).isPositive();
    }

    @Test
    void keyTable_againstAMap_numbersTheSameKeys() {
        KeyTable table = new KeyTable(7);
        Map<String, Integer> expected = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 5000; i++) {
            String key = "x".repeat(random.nextInt(20)) + random.nextInt(1000);
            byte[] bytes = (".." + key).getBytes(StandardCharsets.UTF_8);
            long hash = table.hash(bytes, 2, bytes.length);
            int found = table.find(hash, bytes, 2, bytes.length);
            assertThat(found).isEqualTo(expected.getOrDefault(key, -1));
            if (found < 0) {
                expected.put(key, table.add(hash, bytes, 2, bytes.length));
            }
        }
        int[] even = IntStream.range(0, table.size()).filter(i -> i % 2 == 0).toArray();
        table.retain(even, even.length);

        assertThat(table.size()).isEqualTo((expected.size() + 1) / 2);
        expected.forEach((key, number) -> {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            assertThat(table.find(table.hash(bytes, 0, bytes.length), bytes, 0, bytes.length))
                    .isEqualTo(number % 2 == 0 ? number / 2 : -1);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | -1",
                "ot=th:0 | 0",
                "ot=th:8 | 36028797018963968",
                "ot=th:c | 54043195528445952",
                "ot=th:ffffffffffffff | 72057594037927935",
                "ot=th:fffffffffffffff | -1",
                "ot=th: | -1",
                "ot=th:zz | -1",
                "ot=TH:8 | -1",
                "ot=x:y;th:8 | 36028797018963968",
                "ot=th:8;rv:abcdabcdabcdab | 36028797018963968",
                "ot=th:8;rv:abc | -1",
                "ot=th:8; | -1",
                "ot=th:8;; | -1",
                "ot=rv:abcdabcdabcdab | -1",
                "' a=b ,, ot=th:8 ,c@d=e' | 36028797018963968",
                "ot=th:8,Upper=x | -1",
                "ot=th:8,novalue | -1",
                "ot=th:8,a=b=c | -1",
                "other=th:8 | -1",
            })
    void threshold_ofTraceStates_isReadAsTheCollectorDoes(String state, long threshold) {
        byte[] bytes = ("??" + state).getBytes(StandardCharsets.UTF_8);
        ValueRange range = new ValueRange();
        range.set(bytes, 2, bytes.length);

        assertThat(new AdjustedCount(1).threshold(range)).isEqualTo(threshold);
    }

    @Test
    void threshold_moreThan31Members_saysNothing() {
        byte[] bytes = ("ot=th:8" + ",a=b".repeat(31)).getBytes(StandardCharsets.UTF_8);
        ValueRange range = new ValueRange();

        range.set(bytes, 0, bytes.length);
        assertThat(new AdjustedCount(1).threshold(range)).isEqualTo(AdjustedCount.UNKNOWN);
        range.set(bytes, 0, bytes.length - 4);
        assertThat(new AdjustedCount(1).threshold(range)).isEqualTo(1L << 55);
    }

    @Test
    void adjustedCount_ofAThird_isRoundedSoThatSumsAreRight() {
        AdjustedCount adjusted = new AdjustedCount(7);
        long kept = (1L << 56) / 10 * 4;
        long sum = 0;
        for (int i = 0; i < 100_000; i++) {
            long count = adjusted.of((1L << 56) - kept);
            assertThat(count).isBetween(2L, 3L);
            sum += count;
        }

        assertThat(sum / 100_000.0).isCloseTo(2.5, within(0.01));
        assertThat(adjusted.of(0)).isEqualTo(1);
        assertThat(adjusted.of(AdjustedCount.UNKNOWN)).isEqualTo(1);
        assertThat(adjusted.of((1L << 56) - 1)).isEqualTo(1L << 56);
    }
}
