package weir.processor.probabilistic;

import java.util.EnumSet;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Processor;

/** Makes {@code probabilistic_sampler} processors. */
public final class ProbabilisticSamplerFactory implements ComponentFactory.OfProcessor<ProbabilisticSamplerConfig> {
    @Override
    public String type() {
        return "probabilistic_sampler";
    }

    @Override
    public Class<ProbabilisticSamplerConfig> configType() {
        return ProbabilisticSamplerConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.of(Signal.TRACES, Signal.LOGS);
    }

    @Override
    public Processor create(ComponentContext context, ProbabilisticSamplerConfig config, Consumer next) {
        return new ProbabilisticSampler(context, config, next);
    }
}
