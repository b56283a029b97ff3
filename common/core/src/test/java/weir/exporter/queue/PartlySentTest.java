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
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.testing.ManualTimer;
import weir.testing.TestContexts;

/** Batches of which a try sent a part. */
class PartlySentTest {
    private static final Delivery LATER =
            Delivery.retryLater(Duration.ZERO, Reason.BACKEND_UNAVAILABLE, "connection refused");

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("exporter", "otlp", Signal.TRACES, timer);
    private final List<Integer> tries = new ArrayList<>();
    private final List<Delivery> answers = new ArrayList<>();
    private long rejectedOfEach;
    private Delivery end = Delivery.ACCEPTED;

    @AfterEach
    void everyItemIsAccountedFor() {
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
        assertThat(context.held().bytes()).isZero();
    }

    @Test
    void consume_partsAreSentOneATry_eachIsSentOnce() {
        SendingQueue queue = queue(SendingQueueConfig.DEFAULT, Duration.ZERO);

        queue.consume(spans(10), answers::add);
        timer.advance(Duration.ofMinutes(5));

        assertThat(tries).containsExactly(10, 6, 2);
        assertThat(answers).containsExactly(Delivery.ACCEPTED);
        assertThat(context.ledger().deliveredItems()).isEqualTo(10);
    }

    @Test
    void consume_someOfEachPartAreRejected_areAllCounted() {
        rejectedOfEach = 1;
        end = new Delivery.Partial(1, Reason.BACKEND_PARTIAL, "bad");

        queue(SendingQueueConfig.DEFAULT, Duration.ZERO).consume(spans(10), answers::add);
        timer.advance(Duration.ofMinutes(5));

        assertThat(context.ledger().deliveredItems()).isEqualTo(7);
        assertThat(context.ledger().droppedItems(Reason.BACKEND_PARTIAL)).isEqualTo(3);
    }

    @Test
    void consume_givenUpAfterAPart_onlyTheRestIsLost() {
        SendingQueue queue = queue(SendingQueueConfig.DEFAULT, Duration.ofNanos(1));

        queue.consume(spans(10), answers::add);
        timer.advance(Duration.ofMinutes(5));

        assertThat(context.ledger().deliveredItems() % 4).isZero();
        assertThat(context.ledger().deliveredItems()).isPositive();
        assertThat(context.ledger().droppedItems(Reason.RETRIES_EXHAUSTED)).isPositive();
    }

    @Test
    void consume_senderWaitsForTheAnswer_isToldOfAll() {
        SendingQueueConfig waiting =
                new SendingQueueConfig(true, 10, 1000, SendingQueueConfig.Sizer.REQUESTS, false, true);
        end = Delivery.rejected(Reason.BACKEND_REJECTED, "no such tenant");

        queue(waiting, Duration.ZERO).consume(spans(10), answers::add);
        timer.advance(Duration.ofMinutes(5));

        assertThat(answers).containsExactly(new Delivery.Partial(2, Reason.BACKEND_REJECTED, "no such tenant"));
    }

    @Test
    void retire_afterAPart_onlyTheRestGoesElsewhere() {
        SendingQueue queue = queue(SendingQueueConfig.DEFAULT, Duration.ZERO);
        List<Batch> elsewhere = new ArrayList<>();
        queue.consume(spans(10), answers::add);

        queue.retire(elsewhere::add);

        assertThat(elsewhere).extracting(Batch::items).containsExactly(6);
        assertThat(context.ledger().deliveredItems()).isEqualTo(4);
        assertThat(context.ledger().heldItems()).isEqualTo(6);
        context.ledger().delivered(6);
    }

    @Test
    void close_afterAPart_onlyTheRestIsLost() {
        SendingQueue queue = queue(SendingQueueConfig.DEFAULT, Duration.ZERO);
        queue.consume(spans(10), answers::add);

        queue.close();

        assertThat(context.ledger().deliveredItems()).isEqualTo(4);
        assertThat(context.ledger().droppedItems(Reason.SHUTDOWN_INCOMPLETE)).isEqualTo(6);
    }

    private SendingQueue queue(SendingQueueConfig config, Duration maxElapsed) {
        RetryPolicy retry = new RetryPolicy(true, Duration.ofSeconds(5), 0, 1.5, Duration.ofSeconds(30), maxElapsed);
        return SendingQueue.of(context, config, retry, 1 << 20, this::fourATry);
    }

    private void fourATry(Batch batch, DeliveryCallback done) {
        tries.add(batch.items());
        if (batch.items() <= 4) {
            done.complete(end);
        } else {
            done.leaves(spans(batch.items() - 4), rejectedOfEach, Reason.BACKEND_PARTIAL);
            done.complete(LATER);
        }
    }

    private static Batch spans(int items) {
        return Batch.of(Signal.TRACES, new byte[10 * items], items);
    }
}
