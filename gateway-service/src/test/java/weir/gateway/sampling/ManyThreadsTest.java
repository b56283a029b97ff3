package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.pipeline.Delivery;

/** Senders on many threads, beside the shards' own. */
class ManyThreadsTest {
    private static final int THREADS = 4;
    private static final int REQUESTS = 400;
    private static final int TRACES = 50;

    private final AtomicLong accepted = new AtomicLong();
    private final AtomicInteger completed = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void consume_sameTracesFromManyThreads_keepsEachWhole(int shards) throws InterruptedException {
        Sampler sampler =
                new Sampler(Configs.of(Configs.status("errors", "ERROR")).shards(shards));
        sampler.start();

        send(sampler, () -> true);
        assertThat(sampler.processor.drain(Duration.ofSeconds(20))).isTrue();
        sampler.processor.close();

        assertThat(completed).hasValue(THREADS * REQUESTS);
        assertThat(accepted).hasValue(2L * THREADS * REQUESTS);
        // Trace 0 has a span in each request; of the others one has an error.
        assertThat(sampler.keptNumbers()).hasSize(THREADS * REQUESTS / TRACES + THREADS * REQUESTS);
        sampler.assertIdle();
    }

    @Test
    void close_whileManySend_completesEveryDeliveryAndBalances() throws InterruptedException {
        Sampler sampler = new Sampler(Configs.of(Configs.status("errors", "ERROR")));
        sampler.start();

        send(sampler, () -> {
            if (completed.get() > THREADS * REQUESTS / 2) {
                sampler.processor.close();
            }
            return true;
        });

        assertThat(completed).hasValue(THREADS * REQUESTS);
        sampler.assertIdle();
    }

    @Test
    void complete_sendsTheNextRequestAtOnce_isTakenInToo() throws InterruptedException {
        Sampler sampler = new Sampler(Configs.of(Configs.always("all")));
        sampler.start();
        CountDownLatch done = new CountDownLatch(100);

        next(sampler, 100, done);

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(sampler.processor.drain(Duration.ofSeconds(10))).isTrue();
        sampler.processor.close();
        assertThat(sampler.keptNumbers()).hasSize(100);
        sampler.assertIdle();
    }

    private static void next(Sampler sampler, int left, CountDownLatch done) {
        sampler.processor.consume(Spans.batch(Spans.span(left, left)), delivery -> {
            done.countDown();
            if (left > 1) {
                next(sampler, left - 1, done);
            }
        });
    }

    /** Each thread sends requests of two spans: one of trace 0, one of another. */
    private void send(Sampler sampler, BooleanSupplier before) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < REQUESTS && before.getAsBoolean(); i++) {
                    long number = (long) thread * REQUESTS + i;
                    long other = number % TRACES + 1;
                    var batch = Spans.batch(
                            number == 77 ? Spans.error(0, number) : Spans.span(0, number),
                            number == TRACES
                                    ? Spans.error(other, 1_000_000 + number)
                                    : Spans.span(other, 1_000_000 + number));
                    sampler.processor.consume(batch, delivery -> {
                        completed.incrementAndGet();
                        if (delivery.equals(Delivery.ACCEPTED)) {
                            accepted.addAndGet(batch.items());
                        }
                    });
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
