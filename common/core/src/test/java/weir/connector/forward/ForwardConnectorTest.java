package weir.connector.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Connector;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class ForwardConnectorTest {
    private final RecordingConsumer first = new RecordingConsumer();
    private final RecordingConsumer second = new RecordingConsumer();
    private final List<Delivery> answers = new ArrayList<>();

    private Connector connector(ComponentContext context) {
        Map<String, Consumer> fed = new LinkedHashMap<>();
        fed.put("a", first);
        fed.put("b", second);
        return new ForwardConnectorFactory()
                .create(context, new ForwardConnectorFactory.Config(), Map.of(context.theSignal(), fed));
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void consume_reachesAllPipelines_andBalances(Signal signal) {
        ComponentContext context = TestContexts.of("connector", "forward", signal);
        Batch batch = Requests.of(signal, "shop", 3);

        connector(context).consume(batch, answers::add);

        assertThat(answers).containsExactly(Delivery.ACCEPTED);
        assertThat(first.batches()).containsExactly(batch);
        assertThat(second.batches()).containsExactly(batch);
        assertThat(context.ledger().deliveredItems()).isEqualTo(3);
        assertThat(context.ledger().difference()).isZero();
    }

    @Test
    void consume_onePipelineWantsItLater_isSaidToTheSender() {
        ComponentContext context = TestContexts.of("connector", "forward", Signal.TRACES);
        Delivery later = Delivery.retryLater(Duration.ofSeconds(1), Reason.QUEUE_FULL, "full");
        second.answer(later);

        connector(context).consume(Requests.traces("shop", 2), answers::add);

        assertThat(answers).containsExactly(later);
        assertThat(context.ledger().refusedItems(Reason.QUEUE_FULL)).isEqualTo(2);
        assertThat(context.ledger().heldItems()).isZero();
    }
}
