package weir.transport.receiver;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Receiver;

/** Makes {@code otlp} receivers. */
public final class OtlpReceiverFactory implements ComponentFactory.OfReceiver<OtlpReceiverConfig> {
    @Override
    public String type() {
        return "otlp";
    }

    @Override
    public Class<OtlpReceiverConfig> configType() {
        return OtlpReceiverConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Receiver create(ComponentContext context, OtlpReceiverConfig config, Map<Signal, Consumer> next) {
        return new OtlpReceiver(context, config, next);
    }
}
