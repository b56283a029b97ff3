package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** The data plane allocates nothing per span once its scratch has grown to the size of the requests. */
class AllocationTest {
    private static final int ROUNDS = 200;
    private static final int SPANS = 512;

    private final TraceIndex index = new TraceIndex();
    private final TraceSplit split = new TraceSplit();
    private final TraceWriter writer = new TraceWriter(1 << 20);
    private final byte[] request = OtlpSamples.traces(1, SPANS / 8, 8);
    private final byte[] out = new byte[2 * request.length];
    private final int[] destination = new int[SPANS];

    @Test
    void index_ofAThousandRequests_allocatesNothing() throws Exception {
        assertThat(allocated(() -> index.index(request, 0, request.length))).isLessThan(ROUNDS);
    }

    @Test
    void split_toFour_allocatesNothing() throws Exception {
        assertThat(allocated(this::indexAndSplit)).isLessThan(ROUNDS);
    }

    @Test
    void gather_allSpans_allocatesNothing() throws Exception {
        index.index(request, 0, request.length);
        assertThat(allocated(this::gather)).isLessThan(ROUNDS);
    }

    private void indexAndSplit() throws MalformedOtlpException {
        index.index(request, 0, request.length);
        for (int span = 0; span < SPANS; span++) {
            destination[span] = (int) (index.traceIdLow(span) & 3);
        }
        split.split(index, destination, 4);
        for (int to = 0; to < 4; to++) {
            split.write(to, out, 0);
        }
    }

    private void gather() {
        writer.clear();
        writer.beginResource(index, 0);
        writer.beginScope(index, 0);
        for (int span = 0; span < SPANS; span++) {
            writer.span(request, index.spanFrom(span), index.spanEnd(span));
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Bytes that so many rounds allocate, after as many that do not count. */
    private static long allocated(Step step) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 2 * ROUNDS; i++) {
            if (i == ROUNDS) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            step.run();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
