package weir.exporter.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.flow.SystemTimer;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.testing.ManualTimer;
import weir.testing.TestContexts;

/** Whatever a backend answers and in whatever order: limits hold, nothing is lost uncounted, nothing is sent after it was taken. */
class SendingQueuePropertiesTest {
    private static final int PLACES = 3;
    private static final int QUEUE = 20;
    private static final int MAX_BYTES = 1500;

    /** A backend that answers at once, later or never, as chance has it. */
    private static final class MoodyBackend implements Consumer {
        private final RandomGenerator random;
        private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
        private final IdentityHashMap<byte[], Integer> taken = new IdentityHashMap<>();
        private int inFlight;
        private long takenItems;
        private boolean kind;

        private MoodyBackend(RandomGenerator random) {
            this.random = random;
        }

        @Override
        public void consume(Batch batch, DeliveryCallback done) {
            assertThat(taken).doesNotContainKey(batch.bytes());
            assertThat(++inFlight).isLessThanOrEqualTo(PLACES);
            Runnable answer = () -> answer(batch, done);
            if (kind || random.nextBoolean()) {
                answer.run();
            } else {
                answers.add(answer);
            }
        }

        private void answer(Batch batch, DeliveryCallback done) {
            inFlight--;
            int mood = kind ? 0 : random.nextInt(10);
            if (mood < 5) {
                taken.put(batch.bytes(), 1);
                takenItems += batch.items();
                done.complete(Delivery.ACCEPTED);
            } else if (mood == 5) {
                taken.put(batch.bytes(), 1);
                takenItems += batch.items() - 1;
                done.complete(new Delivery.Partial(1, Reason.BACKEND_PARTIAL, "one is bad"));
            } else if (mood == 6) {
                taken.put(batch.bytes(), 1);
                done.complete(Delivery.rejected(Reason.BACKEND_REJECTED, "no"));
            } else {
                done.complete(Delivery.retryLater(
                        Duration.ofSeconds(random.nextInt(20)), Reason.BACKEND_UNAVAILABLE, "not now"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void anyOrderOfEvents_limitsHoldAndTheAccountBalances(int modes) throws InterruptedException {
        for (int seed = 0; seed < 50; seed++) {
            run(RandomGeneratorFactory.of("L64X128MixRandom").create(seed), modes);
        }
    }

    private static void run(RandomGenerator random, int modes) throws InterruptedException {
        ManualTimer timer = new ManualTimer();
        ComponentContext context = TestContexts.of("exporter", "otlp", Signal.TRACES, timer);
        MoodyBackend backend = new MoodyBackend(random);
        SendingQueueConfig config = new SendingQueueConfig(
                true, PLACES, QUEUE, SendingQueueConfig.Sizer.REQUESTS, (modes & 1) != 0, (modes & 2) != 0);
        RetryPolicy retry = new RetryPolicy(
                (modes & 4) == 0, Duration.ofSeconds(5), 0.5, 1.5, Duration.ofSeconds(30), Duration.ofSeconds(60));
        SendingQueue queue = SendingQueue.of(context, config, retry, MAX_BYTES, backend);
        List<Delivery> answers = new ArrayList<>();
        int asked = 0;

        for (int step = 0; step < 300; step++) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    int items = 1 + random.nextInt(12);
                    queue.consume(Batch.of(Signal.TRACES, new byte[10 * items], items), answers::add);
                    asked++;
                }
                case 3, 4 -> {
                    Runnable answer = backend.answers.poll();
                    if (answer != null) {
                        answer.run();
                    }
                }
                default -> timer.advance(Duration.ofMillis(random.nextInt(10_000)));
            }
            assertThat(queue.size()).isBetween(0L, (long) QUEUE);
            assertThat(context.held().bytes()).isBetween(0L, (long) MAX_BYTES);
            assertThat(context.ledger().difference()).isZero();
        }
        if (random.nextBoolean()) {
            backend.kind = true;
            backend.answers.forEach(Runnable::run);
            assertThat(queue.drain(Duration.ZERO)).isTrue();
        }
        queue.close();
        backend.answers.forEach(Runnable::run);
        timer.advance(Duration.ofMinutes(10));

        assertThat(answers).hasSize(asked);
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
        assertThat(context.held().bytes()).isZero();
        assertThat(queue.size()).isZero();
        assertThat(context.ledger().deliveredItems()).isLessThanOrEqualTo(backend.takenItems);
        assertThat(context.ledger().receivedItems()).isPositive();
    }

    @Test
    void manyThreads_everyBatchEndsOnce() throws InterruptedException {
        try (SystemTimer timer = new SystemTimer()) {
            ComponentContext context = TestContexts.of("exporter", "otlp", Signal.TRACES, timer);
            AtomicInteger inFlight = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            Consumer backend = (batch, done) -> {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                Runnable answer = () -> {
                    inFlight.decrementAndGet();
                    done.complete(
                            ThreadLocalRandom.current().nextInt(4) == 0
                                    ? Delivery.retryLater(Duration.ZERO, Reason.BACKEND_UNAVAILABLE, "not now")
                                    : Delivery.ACCEPTED);
                };
                if (ThreadLocalRandom.current().nextBoolean()) {
                    answer.run();
                } else {
                    Thread.startVirtualThread(answer);
                }
            };
            RetryPolicy retry =
                    new RetryPolicy(true, Duration.ofMillis(1), 0.5, 1, Duration.ofMillis(1), Duration.ZERO);
            SendingQueueConfig config =
                    new SendingQueueConfig(true, 5, 100, SendingQueueConfig.Sizer.REQUESTS, false, false);
            SendingQueue queue = SendingQueue.of(context, config, retry, 1 << 20, backend);
            Queue<Delivery> answers = new ConcurrentLinkedQueue<>();
            CountDownLatch senders = new CountDownLatch(4);
            for (int t = 0; t < 4; t++) {
                Thread.startVirtualThread(() -> {
                    for (int i = 0; i < 2000; i++) {
                        queue.consume(Batch.of(Signal.TRACES, new byte[8], 1), d -> {
                            answers.add(d);
                            ended.incrementAndGet();
                        });
                    }
                    senders.countDown();
                });
            }
            assertThat(senders.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(queue.drain(Duration.ofSeconds(20))).isTrue();
            assertThat(ended).hasValue(8000);
            assertThat(most.get()).isLessThanOrEqualTo(5);
            long accepted = answers.stream().filter(Delivery.ACCEPTED::equals).count();
            assertThat(context.ledger().deliveredItems()).isEqualTo(accepted);
            assertThat(context.ledger().difference()).isZero();
            assertThat(context.held().bytes()).isZero();
        }
    }
}
