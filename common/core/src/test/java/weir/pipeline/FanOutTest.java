package weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.testing.RecordingConsumer;

class FanOutTest {
    private static final Delivery OK = Delivery.ACCEPTED;
    private static final Delivery SOON = Delivery.retryLater(Duration.ofSeconds(1), Reason.QUEUE_FULL, "full");
    private static final Delivery LATE = Delivery.retryLater(Duration.ofSeconds(9), Reason.MEMORY_LIMIT, "memory");
    private static final Delivery NEVER = Delivery.rejected(Reason.BACKEND_REJECTED, "no");
    private static final Delivery FEW = new Delivery.Partial(1, Reason.BACKEND_PARTIAL, "one");
    private static final Delivery MANY = new Delivery.Partial(4, Reason.BACKEND_PARTIAL, "four");

    static Stream<Arguments> answers() {
        return Stream.of(
                argumentSet("all accept", OK, OK, OK),
                argumentSet("later wins over accepted", OK, SOON, SOON),
                argumentSet("later wins over rejected", NEVER, SOON, SOON),
                argumentSet("the longest wait wins", SOON, LATE, LATE),
                argumentSet("rejected wins over accepted", OK, NEVER, NEVER),
                argumentSet("rejected wins over partial", NEVER, MANY, NEVER),
                argumentSet("partial wins over accepted", FEW, OK, FEW),
                argumentSet("the largest partial wins", FEW, MANY, MANY));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void consume_twoAnswers_theWorstIsTold(Delivery first, Delivery second, Delivery told) {
        assertThat(deliver(first, second)).containsExactly(told);
        assertThat(deliver(second, first)).containsExactly(told);
    }

    /** Counts what goes by. */
    private record Witness(RecordingConsumer seen) implements Consumer {
        @Override
        public void consume(Batch batch, DeliveryCallback done) {
            seen.consume(batch, done);
        }

        @Override
        public boolean isWitness() {
            return true;
        }
    }

    @ParameterizedTest
    @MethodSource("answers")
    void consume_besideAWitness_isSeenByItOnceItIsNotWantedAgain(Delivery first, Delivery second, Delivery told) {
        Witness witness = new Witness(new RecordingConsumer().answer(SOON));
        RecordingConsumer slow = new RecordingConsumer().hold();
        List<Delivery> answers = new ArrayList<>();

        FanOut.to(List.of(witness, new RecordingConsumer().answer(first), slow))
                .consume(Batch.of(Signal.LOGS, new byte[0], 5), answers::add);
        assertThat(witness.seen.batches()).isEmpty();
        slow.completeNext(second);

        assertThat(answers).containsExactly(told);
        assertThat(witness.seen.batches()).hasSize(told instanceof Delivery.RetryLater ? 0 : 1);
    }

    @Test
    void to_onlyWitnesses_areAskedAsOthersAre() {
        Witness refusing = new Witness(new RecordingConsumer().answer(SOON));
        Consumer both = FanOut.to(List.of(refusing, new Witness(new RecordingConsumer())));
        List<Delivery> answers = new ArrayList<>();

        both.consume(Batch.of(Signal.LOGS, new byte[0], 5), answers::add);

        assertThat(both.isWitness()).isTrue();
        assertThat(answers).containsExactly(SOON);
    }

    private static List<Delivery> deliver(Delivery first, Delivery second) {
        List<Delivery> told = new ArrayList<>();
        FanOut.to(List.of(new RecordingConsumer().answer(first), new RecordingConsumer().answer(second)))
                .consume(Batch.of(Signal.LOGS, new byte[0], 5), told::add);
        return told;
    }
}
