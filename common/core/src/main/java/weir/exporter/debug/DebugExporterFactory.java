package weir.exporter.debug;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Exporter;

/** Makes {@code debug} exporters. */
public final class DebugExporterFactory implements ComponentFactory.OfExporter<DebugConfig> {
    @Override
    public String type() {
        return "debug";
    }

    @Override
    public Class<DebugConfig> configType() {
        return DebugConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Exporter create(ComponentContext context, DebugConfig config) {
        Logger logger = context.logger();
        Consumer<String> out = config.useInternalLogger()
                ? text -> logger.log(Level.INFO, text)
                : text -> System.out.println(text); // what the option asks for
        return new DebugExporter(context, config, out);
    }
}
