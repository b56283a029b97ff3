package weir.processor.memory;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Processor;

/** Makes {@code memory_limiter} processors. All of a process compare the same sum, each with its own limit. */
public final class MemoryLimiterFactory implements ComponentFactory.OfProcessor<MemoryLimiterConfig> {
    @Override
    public String type() {
        return "memory_limiter";
    }

    @Override
    public Class<MemoryLimiterConfig> configType() {
        return MemoryLimiterConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Processor create(ComponentContext context, MemoryLimiterConfig config, Consumer next) {
        long containerBytes = new ContainerMemory(Path.of("/")).bytes();
        long maxHeapBytes = Runtime.getRuntime().maxMemory();
        return new MemoryLimiter(
                context,
                config.checkInterval(),
                MemoryLimit.of(config, containerBytes, maxHeapBytes),
                maxHeapBytes,
                next);
    }
}
