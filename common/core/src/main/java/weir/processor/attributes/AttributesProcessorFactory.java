package weir.processor.attributes;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Consumer;
import weir.pipeline.Processor;
import weir.selection.MatchProperties;

/** Makes {@code attributes} processors. */
public final class AttributesProcessorFactory implements ComponentFactory.OfProcessor<AttributesConfig> {
    @Override
    public String type() {
        return "attributes";
    }

    @Override
    public Class<AttributesConfig> configType() {
        return AttributesConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Processor create(ComponentContext context, AttributesConfig config, Consumer next) {
        check("include", config.include(), context.theSignal());
        check("exclude", config.exclude(), context.theSignal());
        return new AttributesProcessor(context, config, next);
    }

    private static void check(String option, @Nullable MatchProperties properties, Signal signal) {
        String why = properties == null ? "" : properties.unusable(signal);
        if (!why.isEmpty()) {
            throw new IllegalArgumentException(option + ": " + why);
        }
    }
}
