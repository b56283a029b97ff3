package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import weir.connector.spanmetrics.SpanMetricsBench;
import weir.gateway.sampling.DecideBench;

/** Rivals in a benchmark do the same work. */
class BenchmarksTest {
    @Test
    void index_bothWays_seesAllSpans() throws Exception {
        IndexBench bench = new IndexBench();

        assertThat(bench.index()).isEqualTo(SampleRequests.SPANS);
        assertThat(bench.check().items()).isEqualTo(SampleRequests.SPANS);
        assertThat(bench.protobuf()).isEqualTo(SampleRequests.traces());
        assertThat(SampleRequests.traces().getSerializedSize() / SampleRequests.SPANS)
                .isBetween(330, 400);
    }

    @Test
    void split_bothWays_writesAsManyBytes() throws Exception {
        SplitBench bench = new SplitBench();

        assertThat(bench.split()).isEqualTo(bench.protobuf());
        assertThat(bench.gatherAll()).isBetween(512 * 330, 512 * 400);
    }

    @Test
    void append_bothWays_writesAsManyBytes() throws Exception {
        AppendBench bench = new AppendBench();

        assertThat(bench.enrich().length()).isEqualTo(bench.protobuf().length);
        assertThat(bench.attributes()).isEqualTo(11);
    }

    @Test
    void spanMetrics_countsEachSpanOnce() throws Exception {
        SpanMetricsBench bench = new SpanMetricsBench();
        bench.prepare();

        assertThat(bench.count()).isEqualTo(2 * SampleRequests.SPANS);
    }

    @Test
    void statements_filterKeepsAll_transformMakesRequestsSmaller() {
        StatementBench bench = new StatementBench();
        int whole = SampleRequests.traces().getSerializedSize();

        assertThat(bench.filter()).isEqualTo(whole);
        assertThat(bench.transform()).isBetween(whole / 2, whole - 512 * 50);
        assertThat(bench.filterAndTransform()).isEqualTo(bench.transform());
        bench.close();
    }

    @Test
    void decide_severalWaits_keepsATenthOfWhatIsDecided() {
        DecideBench bench = new DecideBench();
        long kept = 0;
        for (int i = 0; i < 1000; i++) {
            kept = bench.decide();
        }
        // 250 requests wait.
        assertThat(kept / (bench.offered() * 0.75)).isBetween(0.09, 0.11);
    }
}
