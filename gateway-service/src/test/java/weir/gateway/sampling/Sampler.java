package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.ProcessContext;
import weir.pipeline.RecentTraces;
import weir.pipeline.TraceOwners;
import weir.testing.ManualTimer;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;
import weir.testing.Waiting;

/** A sampler under test whose time is moved, and whose shards take their turns, by hand. */
final class Sampler {
    final ManualTimer timer = new ManualTimer();
    final RecordingConsumer next = new RecordingConsumer();
    final ComponentContext context;
    final TailSamplingProcessor processor;
    final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

    Sampler(Configs configs) {
        this(configs, RecentTraces.NONE);
    }

    Sampler(Configs configs, RecentTraces recent) {
        this(configs, recent, InstantSource.system());
    }

    /** @param clock that people's times are told by */
    Sampler(Configs configs, RecentTraces recent, InstantSource clock) {
        ProcessContext p = TestContexts.process();
        ProcessContext process =
                new ProcessContext(p.service(), p.version(), p.instance(), p.dataDirectory(), clock, p.held(), recent);
        context = TestContexts.of("processor", "tail_sampling", Signal.TRACES, timer, process);
        processor = new TailSamplingProcessor(context, configs.config(), next, 42);
    }

    /** @param seed of the hashes of trace ids, by which gateways differ */
    Sampler(Configs configs, long seed) {
        context = TestContexts.of("processor", "tail_sampling", Signal.TRACES, timer, TestContexts.process());
        processor = new TailSamplingProcessor(context, configs.config(), next, seed);
    }

    /** One that keeps its decisions over restarts; its threads run. */
    Sampler(Configs configs, Path dataDirectory) {
        context = TestContexts.of(
                "processor", "tail_sampling/a", Signal.TRACES, timer, TestContexts.process(dataDirectory));
        processor = new TailSamplingProcessor(context, configs.config(), next);
        start();
    }

    /** One that keeps its decisions over restarts and knows who owns which trace; its threads run. */
    Sampler(Configs configs, Path dataDirectory, TraceOwners owners) {
        context = TestContexts.of(
                "processor", "tail_sampling/a", Signal.TRACES, timer, TestContexts.process(dataDirectory));
        processor = new TailSamplingProcessor(context, configs.config(), next);
        processor.handOverTo(owners);
        start();
    }

    void start() {
        try {
            processor.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends spans to a sampler with a journal, which answers when they are written; its answer. */
    Delivery store(Span.Builder... spans) throws IOException {
        int before = deliveries.size();
        processor.consume(Spans.batch(spans), deliveries::add);
        Waiting.until(() -> deliveries.size() == before + 1);
        return deliveries.getLast();
    }

    /** Stops as a process that is told to, and what came out until then. */
    Set<Long> stop() throws InterruptedException {
        assertThat(processor.drain(Duration.ofSeconds(10))).isTrue();
        processor.close();
        assertIdle();
        return keptNumbers();
    }

    /** Sends a batch, which is taken in; its delivery. */
    Delivery send(Batch batch) {
        int before = deliveries.size();
        processor.consume(batch, deliveries::add);
        turns();
        assertThat(deliveries).hasSize(before + 1);
        return deliveries.getLast();
    }

    Delivery send(Span.Builder... spans) {
        return send(Spans.batch(spans));
    }

    /** Lets the shards work until there is nothing to do at this time. */
    void turns() {
        for (TraceShard shard : processor.shards()) {
            int n = 0;
            while (shard.turn() == 0) {
                assertThat(++n).as("turns without rest").isLessThan(100_000);
            }
        }
    }

    void advance(Duration by) {
        long steps = by.toMillis() / 100;
        for (long i = 0; i < steps; i++) {
            timer.advance(Duration.ofMillis(100));
            turns();
        }
    }

    /** Lets the decision wait pass. */
    void decide() {
        advance(Duration.ofMillis(10_300));
    }

    /** The spans that came out, in order. */
    List<Span> kept() {
        return next.batches().stream()
                .flatMap(b -> Spans.spansOf(Spans.parse(b)).stream())
                .toList();
    }

    /** The ids of the spans that came out, which must be there once. */
    Set<Long> keptNumbers() {
        List<Long> numbers = kept().stream().map(Sampler::number).toList();
        assertThat(numbers).doesNotHaveDuplicates();
        return new TreeSet<>(numbers);
    }

    static long number(Span span) {
        return span.getSpanId().asReadOnlyByteBuffer().getLong();
    }

    static @Nullable String attribute(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(a -> a.getKey().equals(key))
                .map(a -> a.getValue().getStringValue())
                .findFirst()
                .orElse(null);
    }

    double metric(String name, String... labels) {
        return context.metrics().value(name, labels);
    }

    /** Nothing is held, nothing is unaccounted for. */
    void assertIdle() {
        assertThat(context.ledger().difference()).as("ledger").isZero();
        assertThat(context.ledger().heldItems()).as("held spans").isZero();
        assertThat(context.held().bytes()).as("held bytes").isZero();
    }
}
