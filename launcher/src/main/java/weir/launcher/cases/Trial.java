package weir.launcher.cases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import weir.flow.HeldBytes;
import weir.flow.SystemTimer;
import weir.gateway.sampling.Why;
import weir.launcher.cases.CasesFile.Case;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.ProcessContext;
import weir.pipeline.RecentTraces;
import weir.pipeline.engine.PipelineEngine;
import weir.pipeline.file.PipelineModel;
import weir.pipeline.file.PipelineModel.Pipeline;
import weir.telemetry.Metrics;

/**
 * Runs cases, each in an engine of its own: what it gives enters, then the engine is drained, so that whatever waits is
 * decided, flushed and passed on. Belongs to one thread.
 */
final class Trial implements AutoCloseable {
    /** Far more than a few items need; a component that hangs must not hang the run. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /**
     * What became of a case.
     *
     * @param decisions of the samplers, by the id of the trace in hex
     * @param refusals what receivers would have told senders, where that was not that all was taken
     */
    record Outcome(Tracks tracks, Map<String, List<Why.Decided>> decisions, List<String> refusals) {
        List<Why.Decided> of(String traceId) {
            return decisions.getOrDefault(traceId, List.of());
        }
    }

    private final PipelineModel model;
    private final InstantSource clock;
    private final Path directory;
    private final SystemTimer timer = new SystemTimer();
    private int runs;

    Trial(PipelineModel model, InstantSource clock) throws IOException {
        this.model = model;
        this.clock = clock;
        this.directory = Files.createTempDirectory("weir-test-");
    }

    /** @throws PipelineEngine.StartException if a component cannot start, for the user */
    Outcome run(Case given) throws PipelineEngine.StartException, InterruptedException {
        Instant now = clock.instant();
        Letters letters = new Letters(given, now.getEpochSecond() * 1_000_000_000L + now.getNano());
        Tracks tracks = new Tracks(letters);
        Bench bench = new Bench(tracks);
        Queue<String> refusals = new ConcurrentLinkedQueue<>();
        Path data = directory.resolve("case-" + ++runs);
        ProcessContext process =
                new ProcessContext("test", "", "test", data, clock, new HeldBytes(), RecentTraces.NONE);
        PipelineEngine engine = PipelineEngine.build(bench.model(model, given.draw()), process, new Metrics(), timer);
        try (engine) {
            engine.start();
            for (Batch batch : letters.requests()) {
                for (String entry : entries(model, given, batch.signal())) {
                    Consumer door = bench.doors().get(entry);
                    if (door != null) {
                        door.consume(batch, delivery -> note(delivery, entry, refusals));
                    }
                }
            }
            if (!engine.drain(LIMIT)) {
                refusals.add("the pipelines still held something after " + LIMIT.toSeconds() + " s");
            }
            Map<String, List<Why.Decided>> decisions = new HashMap<>();
            for (Given.Span span : given.spans()) {
                decisions.computeIfAbsent(Letters.traceId(given, span), tracks::decided);
            }
            return new Outcome(tracks, decisions, List.copyOf(refusals));
        } finally {
            delete(data);
        }
    }

    /** The pipelines that a signal of a case enters. */
    static List<String> entries(PipelineModel model, Case given, Signal signal) {
        List<String> entries = new ArrayList<>();
        for (Pipeline pipeline : model.pipelines()) {
            boolean enters = given.enters() == null
                    ? pipeline.signal() == signal
                            && !pipeline.receivers().stream().allMatch(model::isConnector)
                    : pipeline.name().equals(given.enters()) && pipeline.signal() == signal;
            if (enters) {
                entries.add(pipeline.name());
            }
        }
        return entries;
    }

    private static void note(Delivery delivery, String pipeline, Queue<String> refusals) {
        switch (delivery) {
            case Delivery.Accepted() -> {}
            case Delivery.Partial(var rejected, var reason, var message) ->
                refusals.add(pipeline + " rejected " + rejected + " items (" + reason.label() + "): " + message);
            case Delivery.RetryLater(var _, var reason, var message) ->
                refusals.add(pipeline + " refused it for now (" + reason.label() + "): " + message);
            case Delivery.Rejected(var reason, var message) ->
                refusals.add(pipeline + " rejected it (" + reason.label() + "): " + message);
        }
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        timer.close();
        delete(directory);
    }
}
