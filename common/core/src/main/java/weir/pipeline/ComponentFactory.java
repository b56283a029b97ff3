package weir.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.otlp.Signal;

/**
 * Makes the components of one type from what a pipeline file says of them. One instance per type and service; keeps no
 * state.
 *
 * @param <C> the record that the component's section of the file is bound to
 */
public sealed interface ComponentFactory<C extends Record> {
    /** The type as written in a file before the slash, such as {@code otlp}. */
    String type();

    /** Other names of the type that files may use, such as {@code otlp_grpc}. */
    default List<String> aliases() {
        return List.of();
    }

    Class<C> configType();

    /** The signals whose pipelines it may stand in; empty for extensions. */
    Set<Signal> signals();

    non-sealed interface OfReceiver<C extends Record> extends ComponentFactory<C> {
        /** @param next where to pass each signal; only the signals whose pipelines name this receiver are present */
        Receiver create(ComponentContext context, C config, Map<Signal, Consumer> next);
    }

    non-sealed interface OfProcessor<C extends Record> extends ComponentFactory<C> {
        /** Whether what it makes is {@link TraceVerdicts}. */
        default boolean samplesTraces() {
            return false;
        }

        /** One is made for each pipeline that names it; {@code context.signal()} tells which kind. */
        Processor create(ComponentContext context, C config, Consumer next);
    }

    non-sealed interface OfExporter<C extends Record> extends ComponentFactory<C> {
        /** One is made for each signal that it is used for, shared by that signal's pipelines. */
        Exporter create(ComponentContext context, C config);
    }

    non-sealed interface OfConnector<C extends Record> extends ComponentFactory<C> {
        /** The signals that may enter it. */
        default Set<Signal> entering() {
            return signals();
        }

        /** The signals that may leave it. */
        default Set<Signal> leaving() {
            return signals();
        }

        /** The signals that may leave it of those that enter it as this one. */
        default Set<Signal> leaving(Signal entering) {
            return leaving();
        }

        /**
         * One is made for each signal that enters it, {@code context.signal()}.
         *
         * @param next per signal that leaves it, the pipelines (by name, in the file's order) that it feeds
         */
        Connector create(ComponentContext context, C config, Map<Signal, Map<String, Consumer>> next);
    }

    non-sealed interface OfExtension<C extends Record> extends ComponentFactory<C> {
        Extension create(ComponentContext context, C config);
    }
}
