package weir.processor.memory;

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
import weir.testing.ManualTimer;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class MemoryLimiterTest {
    private static final long SOFT = 1000;

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("processor", "memory_limiter", Signal.TRACES, timer);
    private final RecordingConsumer next = new RecordingConsumer();
    private final List<Delivery> deliveries = new ArrayList<>();
    private final MemoryLimiter limiter =
            new MemoryLimiter(context, Duration.ofSeconds(1), new MemoryLimit(1200, SOFT, 1200), 1 << 20, next);
    private final Batch batch = Requests.traces("a", 3);

    @AfterEach
    void ledgerBalances() {
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
    }

    @Test
    void consume_heldUpToTheLimit_passesOn() {
        context.process().held().add(SOFT);

        limiter.consume(batch, deliveries::add);

        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(next.items()).isEqualTo(3);
        assertThat(metric("accepted")).isEqualTo(3);
    }

    @Test
    void consume_heldBeyondTheLimit_refusesUntilItIsNot() {
        context.process().held().add(SOFT + 1);
        limiter.consume(batch, deliveries::add);
        context.process().held().release(1);
        limiter.consume(batch, deliveries::add);

        assertThat(deliveries)
                .containsExactly(
                        Delivery.retryLater(
                                Duration.ofSeconds(1), Reason.MEMORY_LIMIT, "data refused due to high memory usage"),
                        Delivery.ACCEPTED);
        assertThat(next.batches()).hasSize(1);
        assertThat(metric("refused")).isEqualTo(3);
        assertThat(context.metrics().value("otelcol_processor_refused_spans")).isEqualTo(3);
        assertThat(context.ledger().refusedItems(Reason.MEMORY_LIMIT)).isEqualTo(3);
    }

    @Test
    void consume_heldDrainsSlowly_tellsHowLongItWillTake() {
        context.process().held().add(SOFT + 10_000);
        limiter.start();
        context.process().held().release(1000);
        timer.advance(Duration.ofSeconds(1)); // 1000 bytes a second

        limiter.consume(batch, deliveries::add);

        assertThat(deliveries.getFirst())
                .isInstanceOfSatisfying(
                        Delivery.RetryLater.class,
                        retry -> assertThat(retry.after()).isEqualTo(Duration.ofMillis(9000 + batch.length())));
        limiter.close();
        assertThat(timer.planned()).isZero();
    }

    @Test
    void consume_nothingDrains_asksForTheLongestPause() {
        context.process().held().add(2 * SOFT);
        limiter.start();
        timer.advance(Duration.ofSeconds(3));

        limiter.consume(batch, deliveries::add);

        assertThat(deliveries.getFirst())
                .isInstanceOfSatisfying(
                        Delivery.RetryLater.class,
                        retry -> assertThat(retry.after()).isEqualTo(DrainRate.LONGEST));
    }

    @Test
    void sample_bytesPassThrough_countAsDrained() {
        DrainRate rate = new DrainRate();
        rate.sample(0, 0, 0);
        rate.sample(1_000_000_000, 100, 600); // 600 came, 100 stayed

        assertThat(rate.until(1000)).isEqualTo(Duration.ofSeconds(2));
    }

    private double metric(String what) {
        return context.metrics()
                .value("otelcol_processor_memory_limiter_" + what + "_spans", "processor", "memory_limiter");
    }
}
