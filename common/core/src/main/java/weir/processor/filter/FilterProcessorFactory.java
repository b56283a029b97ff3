package weir.processor.filter;

import java.util.EnumSet;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Processor;

/** Makes {@code filter} processors. */
public final class FilterProcessorFactory implements ComponentFactory.OfProcessor<FilterConfig> {
    @Override
    public String type() {
        return "filter";
    }

    @Override
    public Class<FilterConfig> configType() {
        return FilterConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Processor create(ComponentContext context, FilterConfig config, Consumer next) {
        return new FilterProcessor(context, config, next);
    }
}
