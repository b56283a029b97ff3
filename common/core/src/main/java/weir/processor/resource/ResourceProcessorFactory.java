package weir.processor.resource;

import java.util.EnumSet;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Processor;

/** Makes {@code resource} processors. */
public final class ResourceProcessorFactory implements ComponentFactory.OfProcessor<ResourceConfig> {
    @Override
    public String type() {
        return "resource";
    }

    @Override
    public Class<ResourceConfig> configType() {
        return ResourceConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Processor create(ComponentContext context, ResourceConfig config, Consumer next) {
        return new ResourceProcessor(context, config.attributes(), next);
    }
}
