package weir.receiver.nop;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Receiver;

/** Makes receivers that never receive anything. */
public final class NopReceiverFactory implements ComponentFactory.OfReceiver<NopReceiverFactory.Config> {
    /** There is nothing to set. */
    public record Config() {}

    @Override
    public String type() {
        return "nop";
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
    public Receiver create(ComponentContext context, Config config, Map<Signal, Consumer> next) {
        return new Receiver() {};
    }
}
