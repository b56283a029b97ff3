package weir.gateway.sampling;

import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Processor;

/** Makes {@code tail_sampling} processors. */
public final class TailSamplingFactory implements ComponentFactory.OfProcessor<TailSamplingConfig> {
    @Override
    public String type() {
        return "tail_sampling";
    }

    @Override
    public Class<TailSamplingConfig> configType() {
        return TailSamplingConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.TRACES);
    }

    @Override
    public boolean samplesTraces() {
        return true;
    }

    @Override
    public Processor create(ComponentContext context, TailSamplingConfig config, Consumer next) {
        return new TailSamplingProcessor(context, config, next);
    }
}
