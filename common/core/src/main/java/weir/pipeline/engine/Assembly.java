package weir.pipeline.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.AsksSampler;
import weir.pipeline.Component;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory.OfConnector;
import weir.pipeline.ComponentFactory.OfExporter;
import weir.pipeline.ComponentFactory.OfExtension;
import weir.pipeline.ComponentFactory.OfProcessor;
import weir.pipeline.ComponentFactory.OfReceiver;
import weir.pipeline.ComponentId;
import weir.pipeline.Components.Kind;
import weir.pipeline.Connector;
import weir.pipeline.Consumer;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Exporter;
import weir.pipeline.Extension;
import weir.pipeline.FanOut;
import weir.pipeline.HandsOver;
import weir.pipeline.JoinsNext;
import weir.pipeline.Ledger;
import weir.pipeline.ProcessContext;
import weir.pipeline.Processor;
import weir.pipeline.TraceOwners;
import weir.pipeline.TraceVerdicts;
import weir.pipeline.engine.PipelineEngine.Running;
import weir.pipeline.file.PipelineModel;
import weir.pipeline.file.PipelineModel.Configured;
import weir.pipeline.file.PipelineModel.Pipeline;
import weir.telemetry.Counter;
import weir.telemetry.Metrics;

/**
 * Makes the components of a model, from the end of each pipeline to its front, so that the order in which they were made
 * is the order to start them in. A receiver is made once, an exporter or connector once per signal that enters it, a
 * processor once per pipeline.
 */
final class Assembly {
    private record Door(ComponentId id, Signal signal) {}

    private final PipelineModel model;
    private final ProcessContext process;
    private final Metrics metrics;
    private final Timer timer;
    private final List<Running> running = new ArrayList<>();
    private final Map<List<Object>, Ledger> ledgers = new LinkedHashMap<>();
    private final Map<ComponentId, Extension> extensions = new LinkedHashMap<>();
    private final Map<Door, Consumer> ends = new HashMap<>();
    private final Map<String, Consumer> entries = new HashMap<>();

    Assembly(PipelineModel model, ProcessContext process, Metrics metrics, Timer timer) {
        this.model = model;
        this.process = process;
        this.metrics = metrics;
        this.timer = timer;
        model.extensions().forEach(this::extension);
        model.pipelines().forEach(this::entry);
        model.pipelines().stream()
                .flatMap(p -> p.receivers().stream())
                .filter(id -> !model.isConnector(id))
                .distinct()
                .forEach(this::receiver);
        components(AsksSampler.class).forEach(this::bringTogether);
    }

    private <T> List<T> components(Class<T> type) {
        return running.stream()
                .map(Running::component)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private void bringTogether(AsksSampler asking) {
        if (!asking.sampler().isEmpty()) {
            ComponentId id = ComponentId.parse(asking.sampler());
            asking.sampledBy(TraceVerdicts.of(running.stream()
                    .filter(made -> made.context().id().equals(id))
                    .map(Running::component)
                    .filter(TraceVerdicts.class::isInstance)
                    .map(TraceVerdicts.class::cast)
                    .toList()));
        }
    }

    List<Running> running() {
        return List.copyOf(running);
    }

    List<Ledger> ledgers() {
        return List.copyOf(ledgers.values());
    }

    /** Where batches enter a pipeline; what comes after is made before. A model has no cycles. */
    private Consumer entry(Pipeline pipeline) {
        Consumer made = entries.get(pipeline.name());
        if (made == null) {
            made = FanOut.to(pipeline.exporters().stream()
                    .map(id -> end(id, pipeline.signal()))
                    .toList());
            for (ComponentId id : pipeline.processors().reversed()) {
                made = processor(pipeline, id, made);
            }
            entries.put(pipeline.name(), made);
        }
        return made;
    }

    private Consumer end(ComponentId id, Signal signal) {
        Door door = new Door(id, signal);
        Consumer made = ends.get(door);
        if (made == null) {
            made = model.isConnector(id) ? connector(id, signal) : exporter(id, signal);
            ends.put(door, made);
        }
        return made;
    }

    private Consumer exporter(ComponentId id, Signal signal) {
        Configured<?> configured = find(Kind.EXPORTER, id);
        ComponentContext context = context(Kind.EXPORTER, id, signal, "");
        Exporter made = exporter(configured, context);
        add(context, made);
        return new Guard(made, context);
    }

    private static <C extends Record> Exporter exporter(Configured<C> configured, ComponentContext context) {
        return ((OfExporter<C>) configured.factory()).create(context, configured.config());
    }

    private Consumer connector(ComponentId id, Signal signal) {
        Configured<?> configured = find(Kind.CONNECTOR, id);
        Set<Signal> leaving = ((OfConnector<?>) configured.factory()).leaving(signal);
        Map<Signal, Map<String, Consumer>> next = new EnumMap<>(Signal.class);
        for (Pipeline pipeline : model.pipelines()) {
            if (pipeline.receivers().contains(id) && leaving.contains(pipeline.signal())) {
                next.computeIfAbsent(pipeline.signal(), s -> new LinkedHashMap<>())
                        .put(pipeline.name(), entry(pipeline));
            }
        }
        ComponentContext context = context(Kind.CONNECTOR, id, signal, "");
        Connector made = connector(configured, context, next);
        add(context, made);
        return new Guard(made, context);
    }

    private static <C extends Record> Connector connector(
            Configured<C> configured, ComponentContext context, Map<Signal, Map<String, Consumer>> next) {
        return ((OfConnector<C>) configured.factory()).create(context, configured.config(), next);
    }

    private Consumer processor(Pipeline pipeline, ComponentId id, Consumer next) {
        ComponentContext context = context(Kind.PROCESSOR, id, pipeline.signal(), pipeline.name());
        Counter incoming = items(context, "incoming", "entered");
        Counter outgoing = items(context, "outgoing", "left");
        Processor made = processor(find(Kind.PROCESSOR, id), context, (batch, done) -> {
            outgoing.add(batch.items());
            next.consume(batch, done);
        });
        List<Processor> behind = behind(pipeline);
        if (made instanceof TraceOwners owners) {
            behind.stream()
                    .filter(HandsOver.class::isInstance)
                    .map(HandsOver.class::cast)
                    .forEach(holder -> holder.handOverTo(owners));
        }
        if (made instanceof JoinsNext joining && !behind.isEmpty()) {
            joining.joinNext(behind.getLast());
        }
        add(context, made);
        return new Step(incoming, new Guard(made, context), next.isWitness());
    }

    /** @param isWitness whether all that follows only counts what goes by */
    private record Step(Counter incoming, Guard guard, boolean isWitness) implements Consumer {
        @Override
        public void consume(Batch batch, DeliveryCallback done) {
            incoming.add(batch.items());
            guard.consume(batch, done);
        }
    }

    /** Those of a pipeline that were made already, the last first: they stand behind the one that is made. */
    private List<Processor> behind(Pipeline pipeline) {
        return running.stream()
                .filter(made -> made.context().pipeline().equals(pipeline.name()))
                .map(Running::component)
                .filter(Processor.class::isInstance)
                .map(Processor.class::cast)
                .toList();
    }

    private static <C extends Record> Processor processor(
            Configured<C> configured, ComponentContext context, Consumer next) {
        return ((OfProcessor<C>) configured.factory()).create(context, configured.config(), next);
    }

    private Counter items(ComponentContext context, String which, String verb) {
        return metrics.counter(
                "otelcol_processor_" + which + "_items",
                "Items that " + verb + " the processor",
                "processor",
                context.id().toString(),
                "otel_signal",
                context.theSignal().label());
    }

    private void receiver(ComponentId id) {
        Map<Signal, Consumer> next = new EnumMap<>(Signal.class);
        for (Signal signal : Signal.values()) {
            List<Consumer> fed = model.pipelines().stream()
                    .filter(p -> p.signal() == signal && p.receivers().contains(id))
                    .map(this::entry)
                    .toList();
            if (!fed.isEmpty()) {
                next.put(signal, FanOut.to(fed));
            }
        }
        ComponentContext context = context(Kind.RECEIVER, id, null, "");
        add(context, receiver(find(Kind.RECEIVER, id), context, next));
    }

    private static <C extends Record> Component receiver(
            Configured<C> configured, ComponentContext context, Map<Signal, Consumer> next) {
        return ((OfReceiver<C>) configured.factory()).create(context, configured.config(), next);
    }

    private void extension(ComponentId id) {
        ComponentContext context = context(Kind.EXTENSION, id, null, "");
        Extension made = extension(find(Kind.EXTENSION, id), context);
        extensions.put(id, made);
        add(context, made);
    }

    private static <C extends Record> Extension extension(Configured<C> configured, ComponentContext context) {
        return ((OfExtension<C>) configured.factory()).create(context, configured.config());
    }

    private void add(ComponentContext context, Component component) {
        running.add(new Running(context, component));
    }

    private Configured<?> find(Kind kind, ComponentId id) {
        Configured<?> configured = model.find(kind, id);
        if (configured == null) {
            throw new IllegalStateException("the model names " + kind.label() + " " + id + " but lacks it");
        }
        return configured;
    }

    /** The account is one for all instances of a component and signal: its series would hide each other otherwise. */
    private ComponentContext context(Kind kind, ComponentId id, @Nullable Signal signal, String pipeline) {
        Ledger ledger = ledgers.computeIfAbsent(List.of(kind, id, signal == null ? "" : signal), k -> {
            Ledger made = new Ledger(metrics, kind.label(), id.toString(), signal == null ? Signal.TRACES : signal);
            return signal == null ? made : made.registered();
        });
        return new ComponentContext(
                kind.label(),
                id,
                signal,
                pipeline,
                metrics,
                ledger,
                process.held().part(),
                timer,
                process,
                Collections.unmodifiableMap(extensions));
    }
}
