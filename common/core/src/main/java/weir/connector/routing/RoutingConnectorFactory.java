package weir.connector.routing;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Connector;
import weir.pipeline.Consumer;

/** Makes {@code routing} connectors. */
public final class RoutingConnectorFactory implements ComponentFactory.OfConnector<RoutingConfig> {
    @Override
    public Connector create(ComponentContext context, RoutingConfig config, Map<Signal, Map<String, Consumer>> next) {
        return new RoutingConnector(context, config, next.getOrDefault(context.theSignal(), Map.of()));
    }

    @Override
    public String type() {
        return "routing";
    }

    @Override
    public Class<RoutingConfig> configType() {
        return RoutingConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public Set<Signal> leaving(Signal entering) {
        return EnumSet.of(entering);
    }
}
