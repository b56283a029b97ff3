package weir.testing;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.config.Secret;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Components;
import weir.pipeline.Connector;
import weir.pipeline.Consumer;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Exporter;
import weir.pipeline.Extension;
import weir.pipeline.Processor;
import weir.pipeline.Receiver;

/**
 * Components of all kinds that write down what is done to them: receivers {@code in}, processors {@code step}, connectors
 * {@code bridge} (traces to metrics), exporters {@code out} and extensions {@code side}. What reaches an exporter is found in
 * {@link #exported}, what a receiver may pass on in {@link #receivers}.
 */
public final class FakeComponents {
    /** What happened, in order: "start exporter out". */
    public final List<String> log = new CopyOnWriteArrayList<>();
    /** By the exporter's id and signal: "out/a traces". */
    public final Map<String, RecordingConsumer> exported = new ConcurrentHashMap<>();
    /** By the receiver's id. */
    public final Map<String, Map<Signal, Consumer>> receivers = new ConcurrentHashMap<>();

    /** The options of every fake. */
    public record Config(
            @Option(doc = "Where to listen.", fallback = "localhost:1")
            String endpoint,

            @Option(doc = "A secret.") Secret token,

            @Option(doc = "How long to wait.", fallback = "5s")
            Duration timeout,

            @Option(doc = "What to fail on: start, drain, close or consume.") @Nullable
            String fail,

            @Option(doc = "More.") @Nullable Nested nested)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (timeout.isNegative()) {
                complaints.error("timeout", "must not be negative");
            }
            if (endpoint.startsWith("0.0.0.0")) {
                complaints.warning("endpoint", "listens on all interfaces without TLS");
            }
        }
    }

    /** Options below others. */
    public record Nested(
            @Option(doc = "How many.", fallback = "3") int count,
            @Option(doc = "Whether.", fallback = "true") boolean enabled) {}

    /** All of them, as the components of a gateway. */
    public Components components() {
        return Components.of("gateway", new In(), new Step(), new Bridge(), new Out(), new Side());
    }

    private class Fake implements Processor, Connector, Exporter, Receiver, Extension {
        private final ComponentContext context;
        private final Config config;
        private final Consumer next;

        Fake(ComponentContext context, Config config, Consumer next) {
            this.context = context;
            this.config = config;
            this.next = next;
        }

        @Override
        public void start() throws Exception {
            log("start");
        }

        @Override
        public boolean drain(Duration limit) {
            log("drain");
            return true;
        }

        @Override
        public void close() {
            log("close");
        }

        @Override
        public String trouble() {
            return "trouble".equals(config.fail) ? "in trouble" : "";
        }

        @Override
        public void consume(Batch batch, DeliveryCallback done) {
            if ("consume".equals(config.fail)) {
                throw new IllegalStateException("made to fail");
            }
            if ("error".equals(config.fail)) {
                throw new OutOfMemoryError("made to fail");
            }
            if ("twice".equals(config.fail)) {
                next.consume(batch, done);
            }
            context.ledger().pass(batch, next, done);
        }

        private void log(String what) {
            log.add(what + " " + context.kind() + " " + context.id());
            if (what.equals(config.fail)) {
                throw new IllegalStateException("made to fail");
            }
        }
    }

    private final class In implements ComponentFactory.OfReceiver<Config> {
        @Override
        public Receiver create(ComponentContext context, Config config, Map<Signal, Consumer> next) {
            receivers.put(context.id().toString(), next);
            return new Fake(context, config, (batch, done) -> {});
        }

        @Override
        public String type() {
            return "in";
        }

        @Override
        public List<String> aliases() {
            return List.of("input");
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Set<Signal> signals() {
            return EnumSet.allOf(Signal.class);
        }
    }

    private final class Step implements ComponentFactory.OfProcessor<Config> {
        @Override
        public Processor create(ComponentContext context, Config config, Consumer next) {
            return new Fake(context, config, next);
        }

        @Override
        public String type() {
            return "step";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Set<Signal> signals() {
            return EnumSet.of(Signal.TRACES, Signal.METRICS);
        }
    }

    private final class Bridge implements ComponentFactory.OfConnector<Config> {
        @Override
        public Connector create(ComponentContext context, Config config, Map<Signal, Map<String, Consumer>> next) {
            List<Consumer> fed =
                    List.copyOf(next.getOrDefault(Signal.METRICS, Map.of()).values());
            return new Fake(
                    context,
                    config,
                    (batch, done) ->
                            fed.getFirst().consume(Batch.of(Signal.METRICS, new byte[0], batch.items()), done));
        }

        @Override
        public String type() {
            return "bridge";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Set<Signal> signals() {
            return EnumSet.of(Signal.TRACES, Signal.METRICS);
        }

        @Override
        public Set<Signal> entering() {
            return EnumSet.of(Signal.TRACES);
        }

        @Override
        public Set<Signal> leaving() {
            return EnumSet.of(Signal.METRICS);
        }
    }

    private final class Out implements ComponentFactory.OfExporter<Config> {
        @Override
        public Exporter create(ComponentContext context, Config config) {
            RecordingConsumer end = new RecordingConsumer();
            exported.put(context.id() + " " + context.theSignal().label(), end);
            return new Fake(context, config, end);
        }

        @Override
        public String type() {
            return "out";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Set<Signal> signals() {
            return EnumSet.allOf(Signal.class);
        }
    }

    private final class Side implements ComponentFactory.OfExtension<Config> {
        @Override
        public Extension create(ComponentContext context, Config config) {
            return new Fake(context, config, (batch, done) -> {});
        }

        @Override
        public String type() {
            return "side";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Set<Signal> signals() {
            return Set.of();
        }
    }
}
