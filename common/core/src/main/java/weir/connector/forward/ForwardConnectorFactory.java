package weir.connector.forward;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Connector;
import weir.pipeline.Consumer;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.FanOut;

/** Makes {@code forward} connectors, which give each batch to all pipelines that they lead to. They hold nothing. */
public final class ForwardConnectorFactory implements ComponentFactory.OfConnector<ForwardConnectorFactory.Config> {
    /** No options. */
    public record Config() {}

    private record Forward(ComponentContext context, Consumer next) implements Connector {
        @Override
        public void consume(Batch batch, DeliveryCallback done) {
            context.ledger().pass(batch, next, done);
        }

        @Override
        public boolean isWitness() {
            return next.isWitness();
        }
    }

    @Override
    public Connector create(ComponentContext context, Config config, Map<Signal, Map<String, Consumer>> next) {
        Map<String, Consumer> fed = next.getOrDefault(context.theSignal(), Map.of());
        return new Forward(context, FanOut.to(List.copyOf(fed.values())));
    }

    @Override
    public String type() {
        return "forward";
    }

    @Override
    public Class<Config> configType() {
        return Config.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Set<Signal> leaving(Signal entering) {
        return EnumSet.of(entering);
    }
}
