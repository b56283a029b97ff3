package weir.launcher.cases;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.gateway.sampling.Why;
import weir.launcher.cases.Tracks.Place;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components.Kind;
import weir.pipeline.Connector;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Exporter;
import weir.pipeline.Processor;
import weir.pipeline.Receiver;
import weir.pipeline.file.PipelineModel;
import weir.pipeline.file.PipelineModel.Configured;
import weir.pipeline.file.PipelineModel.Pipeline;
import weir.pipeline.file.PipelineModel.Slot;

/**
 * Makes a pipeline file's model into one that cases can run: each pipeline has a door instead of its receivers, exporters note
 * what comes and accept it, processors and connectors are watched, and what needs a network is left out, as are extensions.
 */
final class Bench {
    /** Processors that talk to others, and without them pass on what they get. */
    private static final Set<String> NETWORKED = Set.of("ownership", "k8s_attributes", "k8sattributes");

    private static final String DOOR = "door";

    /** There is nothing to set. */
    private record NoOptions() {}

    private final Tracks tracks;
    private final Map<String, Consumer> doors = new LinkedHashMap<>();

    Bench(Tracks tracks) {
        this.tracks = tracks;
    }

    /** Whether a processor is left out. */
    static boolean isLeftOut(Configured<?> processor) {
        return NETWORKED.contains(processor.factory().type());
    }

    /** Where batches enter each pipeline, by name; there after the model's engine was built. */
    Map<String, Consumer> doors() {
        return doors;
    }

    /** @param draw see {@link Rewritten} */
    PipelineModel model(PipelineModel file, double draw) {
        Map<Slot, Configured<?>> components = new LinkedHashMap<>();
        file.components().forEach((slot, configured) -> {
            switch (slot.kind()) {
                case PROCESSOR -> components.put(slot, processor(configured, draw));
                case CONNECTOR -> components.put(slot, connector(configured, draw));
                case EXPORTER -> components.put(slot, new Configured<>(slot.id(), new Noted(), new NoOptions()));
                case RECEIVER, EXTENSION -> {}
            }
        });
        List<Pipeline> pipelines = new ArrayList<>();
        for (Pipeline pipeline : file.pipelines()) {
            ComponentId door = new ComponentId(DOOR, pipeline.name());
            components.put(
                    new Slot(Kind.RECEIVER, door), new Configured<>(door, new Door(pipeline.name()), new NoOptions()));
            List<ComponentId> receivers = new ArrayList<>(
                    pipeline.receivers().stream().filter(file::isConnector).toList());
            receivers.add(door);
            pipelines.add(new Pipeline(
                    pipeline.name(),
                    pipeline.signal(),
                    List.copyOf(receivers),
                    pipeline.processors().stream()
                            .filter(id -> {
                                Configured<?> found = file.find(Kind.PROCESSOR, id);
                                return found == null || !isLeftOut(found);
                            })
                            .toList(),
                    pipeline.exporters()));
        }
        return new PipelineModel(
                file.name(), file.sha256(), components, List.of(), List.copyOf(pipelines), file.telemetry());
    }

    private <C extends Record> Configured<C> processor(Configured<C> original, double draw) {
        return new Configured<>(
                original.id(),
                new WatchedProcessor<>((ComponentFactory.OfProcessor<C>) original.factory()),
                Rewritten.of(original.config(), draw));
    }

    private <C extends Record> Configured<C> connector(Configured<C> original, double draw) {
        return new Configured<>(
                original.id(),
                new WatchedConnector<>((ComponentFactory.OfConnector<C>) original.factory()),
                Rewritten.of(original.config(), draw));
    }

    private final class Door implements ComponentFactory.OfReceiver<NoOptions> {
        private final String pipeline;

        Door(String pipeline) {
            this.pipeline = pipeline;
        }

        @Override
        public String type() {
            return DOOR;
        }

        @Override
        public Class<NoOptions> configType() {
            return NoOptions.class;
        }

        @Override
        public Set<Signal> signals() {
            return EnumSet.allOf(Signal.class);
        }

        @Override
        public Receiver create(ComponentContext context, NoOptions config, Map<Signal, Consumer> next) {
            next.values().forEach(entry -> doors.put(pipeline, entry));
            return new Receiver() {};
        }
    }

    private final class Noted implements ComponentFactory.OfExporter<NoOptions> {
        @Override
        public String type() {
            return "noted";
        }

        @Override
        public Class<NoOptions> configType() {
            return NoOptions.class;
        }

        @Override
        public Set<Signal> signals() {
            return EnumSet.allOf(Signal.class);
        }

        @Override
        public Exporter create(ComponentContext context, NoOptions config) {
            return (batch, done) -> {
                tracks.arrived(context.id(), batch);
                context.ledger().received(batch.items());
                context.ledger().delivered(batch.items());
                done.complete(Delivery.ACCEPTED);
            };
        }
    }

    private final class WatchedProcessor<C extends Record> implements ComponentFactory.OfProcessor<C> {
        private final ComponentFactory.OfProcessor<C> original;

        WatchedProcessor(ComponentFactory.OfProcessor<C> original) {
            this.original = original;
        }

        @Override
        public String type() {
            return original.type();
        }

        @Override
        public Class<C> configType() {
            return original.configType();
        }

        @Override
        public Set<Signal> signals() {
            return original.signals();
        }

        @Override
        public Processor create(ComponentContext context, C config, Consumer next) {
            Place place = Place.of(context);
            Processor made = original.create(context, config, tracks.outOf(place, next));
            if (made instanceof Why.Source sampler) {
                tracks.decides(sampler);
            }
            return new Watched(made, tracks.into(place, made));
        }
    }

    private final class WatchedConnector<C extends Record> implements ComponentFactory.OfConnector<C> {
        private final ComponentFactory.OfConnector<C> original;

        WatchedConnector(ComponentFactory.OfConnector<C> original) {
            this.original = original;
        }

        @Override
        public String type() {
            return original.type();
        }

        @Override
        public Class<C> configType() {
            return original.configType();
        }

        @Override
        public Set<Signal> signals() {
            return original.signals();
        }

        @Override
        public Connector create(ComponentContext context, C config, Map<Signal, Map<String, Consumer>> next) {
            Place place = Place.of(context);
            Map<Signal, Map<String, Consumer>> watched = new EnumMap<>(Signal.class);
            next.forEach((signal, pipelines) -> {
                Map<String, Consumer> entries = new LinkedHashMap<>();
                pipelines.forEach((name, entry) -> entries.put(name, tracks.outOf(place, entry)));
                watched.put(signal, entries);
            });
            Connector made = original.create(context, config, watched);
            // One that only makes other signals of what it gets ends its way, which is not to drop it.
            return next.containsKey(context.theSignal()) ? new Watched(made, tracks.into(place, made)) : made;
        }
    }

    /** A component before which somebody looks. */
    private record Watched(weir.pipeline.Component made, Consumer entry) implements Processor, Connector {
        @Override
        public void consume(Batch batch, DeliveryCallback done) {
            entry.consume(batch, done);
        }

        @Override
        public boolean isWitness() {
            return entry.isWitness();
        }

        @Override
        public void start() throws Exception {
            made.start();
        }

        @Override
        public boolean drain(Duration limit) throws InterruptedException {
            return made.drain(limit);
        }

        @Override
        public void close() {
            made.close();
        }

        @Override
        public String trouble() {
            return made.trouble();
        }
    }
}
