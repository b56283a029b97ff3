package weir.exporter.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.AwaitingCallback;
import weir.testing.ManualTimer;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;

class SendingQueueTest {
    private static final Delivery LATER =
            Delivery.retryLater(Duration.ZERO, Reason.BACKEND_UNAVAILABLE, "connection refused");
    private static final Delivery REJECTED = Delivery.rejected(Reason.BACKEND_REJECTED, "no such tenant");
    private static final long MIB = 1 << 20;

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("exporter", "otlp", Signal.TRACES, timer);
    private final RecordingConsumer backend = new RecordingConsumer();
    private final List<Delivery> answers = new ArrayList<>();

    @AfterEach
    void everyItemIsAccountedFor() {
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
        assertThat(context.held().bytes()).isZero();
        assertThat(metric("otelcol_exporter_in_flight_requests")).isZero();
    }

    @Test
    void consume_backendAnswersLater_acceptsAtOnceAndHoldsUntilThen() {
        SendingQueue queue = queue(queueOf(10, 1000), retry());
        backend.hold();

        queue.consume(spans(5), answers::add);

        assertThat(answers).containsExactly(Delivery.ACCEPTED);
        assertThat(context.ledger().heldItems()).isEqualTo(5);
        assertThat(context.held().bytes()).isEqualTo(50);
        assertThat(metric("otelcol_exporter_queue_size")).isEqualTo(1);
        assertThat(metric("weir_exporter_queue_bytes")).isEqualTo(50);
        backend.completeNext(Delivery.ACCEPTED);
        assertThat(context.ledger().deliveredItems()).isEqualTo(5);
        assertThat(metric("otelcol_exporter_sent_spans")).isEqualTo(5);
    }

    @Test
    void consume_allConsumersBusy_sendsTheNextWhenOneIsFree() {
        SendingQueue queue = queue(queueOf(2, 1000), retry());
        backend.hold();

        for (int i = 1; i <= 5; i++) {
            queue.consume(spans(i), answers::add);
        }

        assertThat(backend.batches()).hasSize(2);
        assertThat(metric("otelcol_exporter_in_flight_requests")).isEqualTo(2);
        for (int i = 0; i < 5; i++) {
            backend.completeNext(Delivery.ACCEPTED);
        }
        assertThat(backend.batches()).extracting(Batch::items).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void consume_queueFull_tellsTheSenderToComeBack() {
        SendingQueue queue = queue(queueOf(1, 2), retry());
        backend.hold();

        for (int i = 0; i < 3; i++) {
            queue.consume(spans(4), answers::add);
        }

        assertThat(answers.subList(0, 2)).containsOnly(Delivery.ACCEPTED);
        assertThat(answers.get(2))
                .isInstanceOfSatisfying(
                        Delivery.RetryLater.class, r -> assertThat(r.reason()).isEqualTo(Reason.QUEUE_FULL));
        assertThat(context.ledger().refusedItems(Reason.QUEUE_FULL)).isEqualTo(4);
        assertThat(metric("otelcol_exporter_enqueue_failed_spans")).isEqualTo(4);
        backend.completeNext(Delivery.ACCEPTED);
        backend.completeNext(Delivery.ACCEPTED);
    }

    @Test
    void consume_bytesOverTheCap_refusesHoweverFewRequestsThereAre() {
        SendingQueue queue = SendingQueue.of(context, queueOf(1, 1000), retry(), 100, backend.hold());

        queue.consume(spans(6), answers::add);
        queue.consume(spans(5), answers::add);

        assertThat(answers.get(1)).isInstanceOf(Delivery.RetryLater.class);
        backend.completeNext(Delivery.ACCEPTED);
    }

    @Test
    void consume_sizerItems_countsItems() {
        SendingQueue queue =
                queue(new SendingQueueConfig(true, 1, 10, SendingQueueConfig.Sizer.ITEMS, false, false), retry());
        backend.hold();

        queue.consume(spans(8), answers::add);
        queue.consume(spans(3), answers::add);
        queue.consume(spans(2), answers::add);

        assertThat(answers)
                .hasExactlyElementsOfTypes(Delivery.Accepted.class, Delivery.RetryLater.class, Delivery.Accepted.class);
        assertThat(metric("otelcol_exporter_queue_size")).isEqualTo(10);
        assertThat(metric("otelcol_exporter_queue_capacity")).isEqualTo(10);
        backend.completeNext(Delivery.ACCEPTED);
        backend.completeNext(Delivery.ACCEPTED);
    }

    @Test
    void consume_batchLargerThanTheWholeQueue_isRejectedForGood() {
        SendingQueue queue =
                queue(new SendingQueueConfig(true, 1, 10, SendingQueueConfig.Sizer.ITEMS, false, false), retry());

        queue.consume(spans(11), answers::add);

        assertThat(answers.getFirst())
                .isInstanceOfSatisfying(
                        Delivery.Rejected.class, r -> assertThat(r.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void ended_retryLater_triesAgainAfterTheLongerOfBackoffAndWhatWasAskedFor() {
        SendingQueue queue = queue(queueOf(1, 1000), retry());
        backend.then(LATER, Delivery.retryLater(Duration.ofSeconds(60), Reason.BACKEND_UNAVAILABLE, "slow down"));

        queue.consume(spans(1), answers::add);
        timer.advance(Duration.ofMillis(4999));
        assertThat(backend.batches()).hasSize(1);
        timer.advance(Duration.ofMillis(1));
        assertThat(backend.batches()).hasSize(2);
        timer.advance(Duration.ofMillis(59_999));
        assertThat(backend.batches()).hasSize(2);
        timer.advance(Duration.ofMillis(1));

        assertThat(backend.batches()).hasSize(3);
        assertThat(context.ledger().deliveredItems()).isEqualTo(1);
    }

    @Test
    void ended_maxElapsedTimePassed_dropsAndSaysWhy() {
        SendingQueue queue = queue(queueOf(1, 1000), retry());
        backend.answer(LATER);

        queue.consume(spans(3), answers::add);
        timer.advance(Duration.ofSeconds(299));
        assertThat(context.ledger().heldItems()).isEqualTo(3);
        assertThat(queue.trouble()).isEqualTo("connection refused");
        timer.advance(Duration.ofSeconds(1));

        assertThat(context.ledger().droppedItems(Reason.RETRIES_EXHAUSTED)).isEqualTo(3);
        assertThat(metric("otelcol_exporter_send_failed_spans")).isEqualTo(3);
    }

    @Test
    void ended_rejectedOrPartial_countsWhatIsLost() {
        SendingQueue queue = queue(queueOf(1, 1000), retry());
        backend.then(REJECTED, new Delivery.Partial(2, Reason.BACKEND_PARTIAL, "bad spans"));

        queue.consume(spans(3), answers::add);
        queue.consume(spans(5), answers::add);

        assertThat(context.ledger().droppedItems(Reason.BACKEND_REJECTED)).isEqualTo(3);
        assertThat(context.ledger().droppedItems(Reason.BACKEND_PARTIAL)).isEqualTo(2);
        assertThat(context.ledger().deliveredItems()).isEqualTo(3);
        assertThat(metric("otelcol_exporter_sent_spans")).isEqualTo(3);
        assertThat(metric("otelcol_exporter_send_failed_spans")).isEqualTo(5);
    }

    @Test
    void ended_partialOfMoreThanThereWere_losesNoMoreThanThereWere() {
        SendingQueue queue = queue(queueOf(1, 1000), retry());
        backend.then(new Delivery.Partial(Long.MAX_VALUE, Reason.BACKEND_PARTIAL, "hostile"));

        queue.consume(spans(3), answers::add);

        assertThat(context.ledger().droppedItems()).isEqualTo(3);
    }

    @Test
    void take_someWaitForRetries_freshOnesStillGoOut() {
        SendingQueue queue = queue(queueOf(2, 1000), retry());
        backend.then(LATER, LATER, Delivery.ACCEPTED, LATER);

        for (int i = 0; i < 10; i++) {
            queue.consume(spans(1), answers::add);
        }

        assertThat(context.ledger().deliveredItems()).isEqualTo(7);
        timer.advance(Duration.ofSeconds(5));
        assertThat(context.ledger().deliveredItems()).isEqualTo(10);
    }

    @Test
    void take_backendIsDown_onlyTwiceTheConsumersBeginToAge() {
        SendingQueue queue = queue(queueOf(3, 1000), retry());
        backend.answer(LATER);

        for (int i = 0; i < 50; i++) {
            queue.consume(spans(1), answers::add);
        }
        timer.advance(Duration.ofSeconds(301));

        assertThat(context.ledger().droppedItems(Reason.RETRIES_EXHAUSTED)).isEqualTo(6);
        backend.answer(Delivery.ACCEPTED);
        timer.advance(Duration.ofSeconds(60));
        assertThat(context.ledger().deliveredItems()).isEqualTo(44);
    }

    @Test
    void consume_withoutRetry_dropsWhatFails() {
        SendingQueue queue = queue(queueOf(1, 10), noRetry());
        backend.answer(LATER);

        queue.consume(spans(2), answers::add);

        assertThat(context.ledger().droppedItems(Reason.BACKEND_UNAVAILABLE)).isEqualTo(2);
    }

    @Test
    void consume_withoutQueue_answersAsTheBackendDoes() {
        SendingQueue queue = queue(
                new SendingQueueConfig(false, 10, 1000, SendingQueueConfig.Sizer.REQUESTS, false, false), noRetry());
        backend.then(LATER, REJECTED, Delivery.ACCEPTED);

        for (int i = 0; i < 3; i++) {
            queue.consume(spans(2), answers::add);
        }

        assertThat(answers).containsExactly(LATER, REJECTED, Delivery.ACCEPTED);
        assertThat(context.ledger().refusedItems()).isEqualTo(4);
        assertThat(context.ledger().droppedItems()).isZero();
    }

    @Test
    void consume_waitForResult_staysOpenThroughRetriesAndGivesBackWhatFails() {
        SendingQueue queue =
                queue(new SendingQueueConfig(true, 1, 10, SendingQueueConfig.Sizer.REQUESTS, false, true), retry());
        backend.answer(LATER);

        queue.consume(spans(2), answers::add);
        timer.advance(Duration.ofSeconds(200));
        assertThat(answers).isEmpty();
        timer.advance(Duration.ofSeconds(100));

        assertThat(answers.getFirst()).isInstanceOf(Delivery.RetryLater.class);
        assertThat(context.ledger().droppedItems()).isZero();
    }

    @Test
    void consume_senderAwaitsTheBackend_isAnsweredWhenThatHasIt() {
        SendingQueue queue = queue(queueOf(10, 1000), retry());
        backend.hold();

        queue.consume(spans(5), new AwaitingCallback(answers));
        queue.consume(spans(6), answers::add);

        assertThat(answers).as("only of the one that does not").containsExactly(Delivery.ACCEPTED);
        backend.completeNext(REJECTED);
        assertThat(answers).containsExactly(Delivery.ACCEPTED, REJECTED);
        assertThat(context.ledger().refusedItems()).isEqualTo(5);
        backend.completeNext(Delivery.ACCEPTED);
    }

    @Test
    void consume_blockOnOverflow_waitsForAPlace() {
        SendingQueue queue = queue(blocking(), retry());
        backend.hold();

        queue.consume(spans(1), answers::add);
        queue.consume(spans(2), answers::add);
        assertThat(answers).hasSize(1);
        backend.completeNext(Delivery.ACCEPTED);

        assertThat(answers).containsExactly(Delivery.ACCEPTED, Delivery.ACCEPTED);
        backend.completeNext(Delivery.ACCEPTED);
        assertThat(context.ledger().deliveredItems()).isEqualTo(3);
        assertThat(timer.planned()).isZero();
    }

    @Test
    void consume_blockOnOverflowForTooLong_tellsTheSenderToComeBack() {
        SendingQueue queue = queue(blocking(), retry());
        backend.hold();

        queue.consume(spans(1), answers::add);
        queue.consume(spans(2), answers::add);
        timer.advance(SendingQueue.LONGEST_BLOCK);

        assertThat(answers.get(1)).isInstanceOf(Delivery.RetryLater.class);
        assertThat(context.ledger().refusedItems(Reason.QUEUE_FULL)).isEqualTo(2);
        backend.completeNext(Delivery.ACCEPTED);
        assertThat(backend.batches()).hasSize(1);
    }

    @Test
    void consume_blockOnOverflow_isBoundedByTheBytesOfThoseThatWait() {
        SendingQueue queue = SendingQueue.of(context, blocking(), retry(), 100, backend.hold());

        queue.consume(spans(5), answers::add);
        queue.consume(spans(5), answers::add);
        queue.consume(spans(1), answers::add);

        assertThat(answers).hasExactlyElementsOfTypes(Delivery.Accepted.class, Delivery.RetryLater.class);
        backend.completeNext(Delivery.ACCEPTED);
        backend.completeNext(Delivery.ACCEPTED);
    }

    @Test
    void reserve_noPlace_takesNoneAndReleaseGivesItBack() {
        SendingQueue queue = queue(queueOf(1, 1), retry());
        Batch part = spans(3);

        assertThat(queue.reserve(part)).isNull();
        assertThat(queue.reserve(part)).isInstanceOf(Delivery.RetryLater.class);
        queue.release(part);
        assertThat(queue.reserve(part)).isNull();
        context.ledger().received(3);
        queue.commit(part);

        assertThat(backend.items()).isEqualTo(3);
        assertThat(queue.size()).isZero();
    }

    @Test
    void drain_heldBatches_areSentWithTheirRetries() throws InterruptedException {
        SendingQueue queue = queue(queueOf(1, 10), retry());
        backend.then(LATER);
        queue.consume(spans(1), answers::add);
        queue.consume(spans(2), answers::add);

        assertThat(queue.drain(Duration.ofSeconds(1))).isTrue();
        queue.consume(spans(4), answers::add);

        assertThat(context.ledger().deliveredItems()).isEqualTo(3);
        assertThat(context.ledger().refusedItems(Reason.SHUTTING_DOWN)).isEqualTo(4);
    }

    @Test
    void close_heldBatches_areCountedAsDroppedAndLateAnswersChangeNothing() throws InterruptedException {
        SendingQueue queue = queue(queueOf(1, 10), retry());
        backend.hold();
        queue.consume(spans(1), answers::add);
        queue.consume(spans(2), answers::add);

        assertThat(queue.drain(Duration.ofMillis(10))).isFalse();
        queue.close();
        queue.close();
        backend.completeNext(Delivery.ACCEPTED);

        assertThat(context.ledger().droppedItems(Reason.SHUTDOWN_INCOMPLETE)).isEqualTo(3);
        assertThat(backend.batches()).hasSize(1);
    }

    @Test
    void retire_whatIsNotInFlight_goesElsewhereAtOnceAndTheRestWhenItFailed() {
        SendingQueue queue = queue(queueOf(2, 1000), retry());
        List<Batch> elsewhere = new ArrayList<>();
        backend.answer(LATER);
        commit(queue, spans(1));
        backend.hold();
        for (int i = 2; i <= 5; i++) {
            commit(queue, spans(i));
        }
        assertThat(backend.batches()).extracting(Batch::items).containsExactly(1, 2, 3);

        queue.retire(elsewhere::add);
        assertThat(elsewhere).extracting(Batch::items).containsExactly(1, 4, 5);
        assertThat(queue.reserve(spans(1))).isInstanceOf(Delivery.RetryLater.class);
        backend.completeNext(LATER);
        backend.completeNext(Delivery.ACCEPTED);

        assertThat(elsewhere).extracting(Batch::items).containsExactly(1, 4, 5, 2);
        assertThat(context.ledger().deliveredItems()).isEqualTo(3);
        assertThat(context.ledger().heldItems()).isEqualTo(12);
        assertThat(queue.size()).isZero();
        timer.advance(Duration.ofSeconds(60));

        SendingQueue other = queue(queueOf(1, 1), retry());
        backend.answer(Delivery.ACCEPTED);
        elsewhere.forEach(other::adopt);
        assertThat(context.ledger().deliveredItems()).isEqualTo(15);
    }

    @Test
    void reroute_whatIsHeld_isLookedAtAnewAndTheQueueGoesOn() {
        SendingQueue queue = queue(queueOf(1, 1000), retry());
        List<Batch> elsewhere = new ArrayList<>();
        backend.hold();
        commit(queue, spans(1));
        commit(queue, spans(2));

        queue.reroute(batch -> {
            elsewhere.add(batch);
            queue.adopt(batch);
        });
        commit(queue, spans(3));
        backend.completeNext(LATER);
        assertThat(elsewhere).extracting(Batch::items).containsExactly(2, 1);
        backend.completeNext(LATER);
        timer.advance(Duration.ofSeconds(60));
        while (context.ledger().heldItems() > 0) {
            backend.completeNext(Delivery.ACCEPTED);
            timer.advance(Duration.ofSeconds(60));
        }

        assertThat(elsewhere).hasSize(2);
        assertThat(context.ledger().deliveredItems()).isEqualTo(6);
    }

    @Test
    void commit_afterRetire_goesElsewhere() {
        SendingQueue queue = queue(queueOf(2, 1000), retry());
        List<Batch> elsewhere = new ArrayList<>();
        Batch batch = spans(3);
        assertThat(queue.reserve(batch)).isNull();
        queue.retire(elsewhere::add);

        queue.commit(batch);

        assertThat(elsewhere).containsExactly(batch);
        assertThat(queue.size()).isZero();
        assertThat(context.held().bytes()).isZero();
    }

    @Test
    void adopt_fullQueue_takesItAllTheSame() {
        SendingQueue queue = queue(queueOf(1, 1), retry());
        backend.hold();
        commit(queue, spans(1));
        context.ledger().received(2);
        queue.adopt(spans(2));

        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.reserve(spans(1))).isInstanceOf(Delivery.RetryLater.class);
        backend.completeNext(Delivery.ACCEPTED);
        backend.completeNext(Delivery.ACCEPTED);
        assertThat(queue.size()).isZero();
    }

    @Test
    void hurry_waitsOfMinutes_endNow() {
        SendingQueue queue = queue(queueOf(1, 10), retry());
        backend.answer(LATER);
        commit(queue, spans(4));
        backend.answer(Delivery.ACCEPTED);

        queue.hurry();

        assertThat(context.ledger().deliveredItems()).isEqualTo(4);
    }

    private void commit(SendingQueue queue, Batch batch) {
        context.ledger().received(batch.items());
        assertThat(queue.reserve(batch)).isNull();
        queue.commit(batch);
    }

    private SendingQueue queue(SendingQueueConfig config, RetryPolicy retry) {
        return SendingQueue.of(context, config, retry, MIB, backend);
    }

    private static SendingQueueConfig queueOf(int consumers, long requests) {
        return new SendingQueueConfig(true, consumers, requests, SendingQueueConfig.Sizer.REQUESTS, false, false);
    }

    private static SendingQueueConfig blocking() {
        return new SendingQueueConfig(true, 1, 1, SendingQueueConfig.Sizer.REQUESTS, true, false);
    }

    private static RetryPolicy retry() {
        return new RetryPolicy(true, Duration.ofSeconds(5), 0, 1.5, Duration.ofSeconds(30), Duration.ofSeconds(300));
    }

    private static RetryPolicy noRetry() {
        return new RetryPolicy(false, Duration.ofSeconds(5), 0, 1.5, Duration.ofSeconds(30), Duration.ofSeconds(300));
    }

    /** A batch of 10 bytes a span. */
    private static Batch spans(int n) {
        return Batch.of(Signal.TRACES, new byte[10 * n], n);
    }

    private double metric(String name) {
        return context.metrics().value(name, "exporter", "otlp");
    }
}
