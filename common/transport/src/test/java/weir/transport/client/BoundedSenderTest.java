package weir.transport.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.OtlpSamples;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.testing.RecordingConsumer;

class BoundedSenderTest {
    private static final Delivery LATER =
            Delivery.retryLater(Duration.ZERO, Reason.BACKEND_UNAVAILABLE, "connection refused");
    private static final int KIB = 1024;

    private final RecordingConsumer backend = new RecordingConsumer();
    private final Answer answer = new Answer();

    @Test
    void consume_smallBatch_isPassedOnAsItIs() {
        Batch batch = OtlpSamples.traceBatch(1, 1, 10);

        sender(backend, 1 << 20).consume(batch, answer);

        assertThat(backend.batches()).containsExactly(batch);
        assertThat(answer.deliveries).containsExactly(Delivery.ACCEPTED);
    }

    @Test
    void consume_largeBatch_isSentInPartsOneAfterTheOther() {
        Batch batch = OtlpSamples.traceBatch(1, 10, 30);
        backend.hold();

        sender(backend, 20 * KIB).consume(batch, answer);

        assertThat(backend.open()).isEqualTo(1);
        while (backend.open() > 0) {
            assertThat(answer.deliveries).isEmpty();
            backend.completeNext(Delivery.ACCEPTED);
        }
        assertThat(answer.deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(backend.batches()).hasSizeGreaterThan(4).allMatch(part -> part.length() <= 20 * KIB);
        assertThat(backend.items()).isEqualTo(300);
    }

    @Test
    void consume_backendFailsInBetween_leavesWhatWasNotSent() {
        Batch batch = OtlpSamples.traceBatch(1, 10, 30).routed(7, true);
        backend.then(
                Delivery.ACCEPTED,
                new Delivery.Partial(2, Reason.BACKEND_PARTIAL, "bad"),
                Delivery.rejected(Reason.BACKEND_REJECTED, "no"),
                LATER);

        sender(backend, 20 * KIB).consume(batch, answer);

        List<Integer> sent = backend.batches().stream().map(Batch::items).toList();
        assertThat(answer.deliveries).containsExactly(LATER);
        assertThat(answer.rest).hasSize(1);
        Batch rest = answer.rest.getFirst();
        assertThat(rest.items()).isEqualTo(300 - sent.get(0) - sent.get(1) - sent.get(2));
        assertThat(rest.routedBy()).isEqualTo(7);
        assertThat(rest.isForwarded()).isTrue();
        assertThat(answer.rejected).isEqualTo(2 + sent.get(2));
        sender(backend, 20 * KIB).consume(rest, answer);
        assertThat(answer.deliveries).containsExactly(LATER, Delivery.ACCEPTED);
    }

    @Test
    void consume_firstRequestFails_saysNothingOfARest() {
        backend.answer(LATER);

        sender(backend, 20 * KIB).consume(OtlpSamples.traceBatch(1, 10, 30), answer);

        assertThat(answer.deliveries).containsExactly(LATER);
        assertThat(answer.rest).isEmpty();
    }

    @Test
    void consume_backendTakesLess_isCutUntilOnlyWhatIsTooLargeAloneIsLost() {
        Batch small = OtlpSamples.traceBatch(1, 10, 30);
        int alone = OtlpSamples.traceBatch(1, 1, 1).length();
        List<Integer> taken = new ArrayList<>();
        Consumer strict = (batch, done) -> {
            if (batch.length() > 3 * KIB) {
                done.complete(Delivery.rejected(Reason.TOO_LARGE, "larger than max"));
            } else {
                taken.add(batch.items());
                done.complete(Delivery.ACCEPTED);
            }
        };
        sender(strict, 1 << 20).consume(small, answer);
        assertThat(answer.deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(taken.stream().mapToInt(n -> n).sum()).isEqualTo(300);
        assertThat(alone).isLessThan(3 * KIB);

        Batch huge = Batch.of(
                weir.otlp.Signal.TRACES,
                OtlpSamples.requestOf(
                                "checkout",
                                OtlpSamples.span(1, 0),
                                OtlpSamples.spanBuilder(1, 1)
                                        .setName("x".repeat(4 * KIB))
                                        .build(),
                                OtlpSamples.span(1, 2))
                        .toByteArray(),
                3);
        sender(strict, 1 << 20).consume(huge, answer);

        assertThat(answer.deliveries.getLast()).isEqualTo(new Delivery.Partial(1, Reason.TOO_LARGE, "larger than max"));
    }

    private static BoundedSender sender(Consumer backend, int maxBytes) {
        return new BoundedSender(
                new Sender() {
                    @Override
                    public void start() {}

                    @Override
                    public void consume(Batch batch, DeliveryCallback done) {
                        backend.consume(batch, done);
                    }

                    @Override
                    public void close() {}
                },
                maxBytes);
    }

    private static final class Answer implements DeliveryCallback {
        private final List<Delivery> deliveries = new ArrayList<>();
        private final List<Batch> rest = new ArrayList<>();
        private long rejected;

        @Override
        public void complete(Delivery delivery) {
            deliveries.add(delivery);
        }

        @Override
        public void leaves(Batch left, long lost, Reason why) {
            rest.add(left);
            rejected += lost;
        }
    }
}
