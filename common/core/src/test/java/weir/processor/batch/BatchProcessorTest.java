package weir.processor.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.flow.SystemTimer;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.AwaitingCallback;
import weir.testing.ManualTimer;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class BatchProcessorTest {
    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final Duration LATER = Duration.ofSeconds(5);

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("processor", "batch", Signal.TRACES, timer);
    private final RecordingConsumer next = new RecordingConsumer();
    private final List<Delivery> deliveries = new ArrayList<>();

    @AfterEach
    void booksBalance() {
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
        assertThat(context.held().bytes()).isZero();
    }

    @Test
    void consume_untilTheSize_sendsOneMergedRequest() throws Exception {
        BatchProcessor batches = processor(10, 0);

        consume(batches, "a", 4);
        consume(batches, "b", 4);
        assertThat(next.batches()).isEmpty();
        assertThat(deliveries).containsExactly(Delivery.ACCEPTED, Delivery.ACCEPTED);
        assertThat(context.ledger().heldItems()).isEqualTo(8);
        assertThat(context.process().held().bytes()).isPositive();
        consume(batches, "c", 4);

        assertThat(next.batches()).hasSize(1);
        assertThat(next.batches().getFirst().items()).isEqualTo(12);
        assertThat(Requests.services(next.batches().getFirst())).containsExactly("a", "b", "c");
        assertThat(timer.planned()).isZero();
        assertThat(context.metrics().value("otelcol_processor_batch_batch_size_trigger_send"))
                .isEqualTo(1);
    }

    @Test
    void consume_fewItemsOfManyBytes_sendsWhatServersStillTake() throws Exception {
        BatchProcessor batches =
                new BatchProcessor(context, new BatchConfig(1000, TIMEOUT, 0, new BatchConfig.Own(64)), next);

        for (int i = 0; i < 20; i++) {
            consume(batches, "x".repeat(300 << 10), 1);
        }
        assertThat(next.batches())
                .isNotEmpty()
                .allSatisfy(b -> assertThat(b.length()).isBetween(3 << 20, 4 << 20));
        timer.advance(TIMEOUT);

        assertThat(context.ledger().deliveredItems()).isEqualTo(20);
    }

    @Test
    void consume_senderAwaitsTheBackend_isPassedOnAsItIs() {
        BatchProcessor batches = processor(10, 0);
        next.hold();
        Batch batch = Requests.traces("a", 1);

        batches.consume(batch, new AwaitingCallback(deliveries));

        assertThat(next.batches()).containsExactly(batch);
        assertThat(deliveries).isEmpty();
        next.completeNext(Delivery.ACCEPTED);
        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
    }

    @Test
    void consume_tooFew_sendsAfterTheTimeoutOfTheFirst() {
        BatchProcessor batches = processor(10, 0);

        consume(batches, "a", 1);
        timer.advance(TIMEOUT.minusMillis(1));
        consume(batches, "b", 1);
        assertThat(next.batches()).isEmpty();
        timer.advance(Duration.ofMillis(1));

        assertThat(next.batches()).extracting(Batch::items).containsExactly(2);
        assertThat(context.metrics().value("otelcol_processor_batch_timeout_trigger_send"))
                .isEqualTo(1);
    }

    @Test
    void consume_beyondTheGreatestSize_cutsAndKeepsTheRest() throws Exception {
        BatchProcessor batches = processor(10, 10);

        consume(batches, "a", 7);
        consume(batches, "b", 27);
        assertThat(next.batches()).extracting(Batch::items).containsExactly(10, 10, 10);
        timer.advance(TIMEOUT);

        assertThat(next.batches()).extracting(Batch::items).containsExactly(10, 10, 10, 4);
        for (Batch batch : next.batches()) {
            assertThat(Requests.count(batch)).isEqualTo(batch.items());
        }
        assertThat(context.ledger().deliveredItems()).isEqualTo(34);
    }

    @Test
    void consume_nextRefusesForNow_offersTheSameAgainUntilItIsTaken() {
        next.then(retryLater(LATER), retryLater(Duration.ZERO));
        BatchProcessor batches = processor(1, 0);

        consume(batches, "a", 2);
        timer.advance(LATER.minusMillis(1));
        assertThat(next.batches()).hasSize(1);
        timer.advance(Duration.ofMillis(1));
        assertThat(next.batches()).hasSize(2);
        assertThat(context.ledger().heldItems()).isEqualTo(2);
        timer.advance(Duration.ofMillis(200)); // the second own pause

        assertThat(next.batches()).hasSize(3).containsOnly(next.batches().getFirst());
        assertThat(context.ledger().deliveredItems()).isEqualTo(2);
    }

    @Test
    void consume_fullBecauseNextRefuses_refusesForNowAndSaysSo() {
        next.answer(retryLater(LATER));
        BatchProcessor batches = processor(1, 0);
        Batch large = Requests.traces("x".repeat(700), 500);
        assertThat(large.length()).isBetween(700_000, 1 << 20);

        batches.consume(large, deliveries::add);
        batches.consume(large, deliveries::add);

        assertThat(deliveries.getFirst()).isEqualTo(Delivery.ACCEPTED);
        assertThat(deliveries.getLast())
                .isInstanceOfSatisfying(
                        Delivery.RetryLater.class,
                        retry -> assertThat(retry.reason()).isEqualTo(Reason.QUEUE_FULL));
        assertThat(batches.trouble()).contains("max_held_mib");
        next.answer(Delivery.ACCEPTED);
        timer.advance(LATER);
        assertThat(batches.trouble()).isEmpty();
        assertThat(context.ledger().refusedItems()).isEqualTo(500);
    }

    @Test
    void consume_nextRejects_countsTheLossWithItsReason() {
        next.then(
                Delivery.rejected(Reason.BACKEND_REJECTED, "no"),
                new Delivery.Partial(1, Reason.BACKEND_PARTIAL, "one"));
        BatchProcessor batches = processor(1, 0);

        consume(batches, "a", 2);
        consume(batches, "b", 3);

        assertThat(context.ledger().droppedItems(Reason.BACKEND_REJECTED)).isEqualTo(2);
        assertThat(context.ledger().droppedItems(Reason.BACKEND_PARTIAL)).isEqualTo(1);
        assertThat(context.ledger().deliveredItems()).isEqualTo(2);
    }

    @Test
    void drain_somethingGathered_sendsItAndRefusesMore() throws InterruptedException {
        BatchProcessor batches = processor(4, 4);
        consume(batches, "a", 3);
        consume(batches, "b", 3);

        assertThat(batches.drain(Duration.ofSeconds(1))).isTrue();
        consume(batches, "b", 1);

        assertThat(next.batches()).extracting(Batch::items).containsExactly(4, 2);
        assertThat(deliveries.getLast()).isInstanceOf(Delivery.RetryLater.class);
        batches.close();
    }

    @Test
    void close_nextStillRefuses_countsWhatIsLost() throws InterruptedException {
        next.answer(retryLater(LATER));
        BatchProcessor batches = processor(1, 0);
        consume(batches, "a", 2);

        assertThat(batches.drain(Duration.ofMillis(1))).isFalse();
        batches.close();
        batches.close();

        assertThat(context.ledger().droppedItems(Reason.SHUTDOWN_INCOMPLETE)).isEqualTo(2);
    }

    @Test
    void close_deliveryUnderWay_booksItWhenItEnds() {
        next.hold();
        BatchProcessor batches = processor(1, 0);
        consume(batches, "a", 2);
        consume(batches, "b", 3);

        batches.close();
        next.completeNext(retryLater(LATER));
        next.completeNext(Delivery.ACCEPTED);

        assertThat(context.ledger().droppedItems(Reason.SHUTDOWN_INCOMPLETE)).isEqualTo(2);
        assertThat(context.ledger().deliveredItems()).isEqualTo(3);
    }

    @Test
    void consume_manyThreads_everyItemIsSentOnce() throws Exception {
        try (SystemTimer real = new SystemTimer()) {
            ComponentContext shared = TestContexts.of("processor", "batch", Signal.TRACES, real);
            List<Batch> sent = Collections.synchronizedList(new ArrayList<>());
            BatchProcessor batches = new BatchProcessor(shared, config(50, 60), (batch, done) -> {
                sent.add(batch);
                done.complete(sent.size() % 3 == 0 ? retryLater(Duration.ofMillis(1)) : Delivery.ACCEPTED);
            });
            int threads = 4;
            List<Batch> requests = IntStream.rangeClosed(1, 20)
                    .mapToObj(i -> Requests.traces("t", i))
                    .toList();
            CountDownLatch ended = new CountDownLatch(threads);
            for (int t = 0; t < threads; t++) {
                Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 500; i++) {
                        batches.consume(requests.get(i % 20), _ -> {});
                    }
                    ended.countDown();
                });
            }
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(batches.drain(Duration.ofSeconds(10))).isTrue();
            assertThat(shared.ledger().deliveredItems()).isEqualTo(threads * 25L * 210L);
            assertThat(shared.ledger().difference()).isZero();
            assertThat(shared.ledger().heldItems()).isZero();
            assertThat(shared.held().bytes()).isZero();
            assertThat(sent).allMatch(batch -> batch.items() <= 60);
        }
    }

    private void consume(BatchProcessor batches, String prefix, int items) {
        batches.consume(Requests.traces(prefix, items), deliveries::add);
    }

    private BatchProcessor processor(int size, int maxSize) {
        return new BatchProcessor(context, config(size, maxSize), next);
    }

    private static BatchConfig config(int size, int maxSize) {
        return new BatchConfig(size, TIMEOUT, maxSize, new BatchConfig.Own(1));
    }

    private static Delivery retryLater(Duration after) {
        return Delivery.retryLater(after, Reason.BACKEND_UNAVAILABLE, "busy");
    }
}
