package weir.processor.transform;

import java.util.EnumSet;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Processor;

/** Makes {@code transform} processors. */
public final class TransformProcessorFactory implements ComponentFactory.OfProcessor<TransformConfig> {
    @Override
    public String type() {
        return "transform";
    }

    @Override
    public Class<TransformConfig> configType() {
        return TransformConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Processor create(ComponentContext context, TransformConfig config, Consumer next) {
        return new TransformProcessor(context, config, next);
    }
}
