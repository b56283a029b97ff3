package weir.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

class FixturesTest {
    private static final Delivery LATER = Delivery.retryLater(Duration.ZERO, Reason.QUEUE_FULL, "full");
    private final List<Object> seen = new ArrayList<>();

    @Test
    void advance_tasksDue_runInTheOrderOfTheirTimes() {
        ManualTimer timer = new ManualTimer();
        timer.every(Duration.ofSeconds(2), () -> seen.add("every"));
        timer.after(Duration.ofSeconds(3), () -> timer.after(Duration.ofMillis(500), () -> seen.add("chained")));
        timer.after(Duration.ofSeconds(3), () -> seen.add("never")).cancel();

        timer.advance(Duration.ofSeconds(4));

        assertThat(seen).containsExactly("every", "chained", "every");
        assertThat(timer.planned()).isEqualTo(1);
    }

    @Test
    void consume_scriptThenHold_answersInThatOrder() throws InterruptedException {
        RecordingConsumer consumer = new RecordingConsumer().then(LATER).hold();
        Batch batch = Batch.of(Signal.LOGS, new byte[0], 3);

        consumer.consume(batch, seen::add);
        consumer.consume(batch, seen::add);
        assertThat(seen).containsExactly(LATER);
        consumer.completeNext(Delivery.ACCEPTED);

        assertThat(seen).containsExactly(LATER, Delivery.ACCEPTED);
        assertThat(consumer.awaitItems(6)).hasSize(2);
    }

    @Test
    void of_heldBytes_countForTheProcess() {
        var context = TestContexts.of("processor", "batch/a", Signal.TRACES);

        context.held().add(7);

        assertThat(context.process().held().bytes()).isEqualTo(7);
        assertThat(context.metrics().all()).isNotEmpty();
    }
}
