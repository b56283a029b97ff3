package weir.processor.batch;

import java.util.EnumSet;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Processor;

/** Makes {@code batch} processors. */
public final class BatchProcessorFactory implements ComponentFactory.OfProcessor<BatchConfig> {
    @Override
    public String type() {
        return "batch";
    }

    @Override
    public Class<BatchConfig> configType() {
        return BatchConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Processor create(ComponentContext context, BatchConfig config, Consumer next) {
        return new BatchProcessor(context, config, next);
    }
}
