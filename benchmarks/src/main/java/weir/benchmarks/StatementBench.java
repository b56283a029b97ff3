package weir.benchmarks;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import weir.exporter.nop.NopExporterFactory;
import weir.flow.HeldBytes;
import weir.flow.SystemTimer;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components;
import weir.pipeline.Components.Kind;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.Ledger;
import weir.pipeline.ProcessContext;
import weir.pipeline.RecentTraces;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.PipelineModel;
import weir.processor.filter.FilterProcessorFactory;
import weir.processor.transform.TransformProcessorFactory;
import weir.receiver.nop.NopReceiverFactory;
import weir.telemetry.Metrics;

/**
 * What conditions and statements cost per span of nine attributes: a filter of three conditions that no span meets, a transform
 * of two groups that changes every span (five deletions, three conditional sets), and one after the other.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SampleRequests.SPANS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StatementBench {
    private static final String FILE = """
            receivers: {nop: {}}
            exporters: {nop: {}}
            processors:
              filter:
                trace_conditions:
                  - span.attributes["url.path"] == "/health"
                  - span.attributes["http.response.status_code"] >= 600
                  - span.name == "OPTIONS *"
              transform:
                trace_statements:
                  - context: span
                    statements:
                      - delete_key(attributes, "user_agent.original")
                      - delete_key(attributes, "server.port")
                      - delete_key(attributes, "network.protocol.version")
                      - delete_key(attributes, "thread.id")
                      - delete_key(attributes, "user.email")
                  - context: span
                    statements:
                      - set(attributes["tier"], "catalog") where attributes["server.address"] == "items.shop.svc"
                      - set(status.code, STATUS_CODE_ERROR) where attributes["http.response.status_code"] >= 500
                      - set(name, "HTTP POST") where attributes["http.request.method"] == "POST"
            service:
              pipelines:
                traces: {receivers: [nop], processors: [filter, transform], exporters: [nop]}
            """;

    private final byte[] request = SampleRequests.traces().toByteArray();
    private final SystemTimer timer = new SystemTimer();
    private final PipelineModel model = PipelineFiles.load(
                    "bench.yaml",
                    FILE,
                    Components.of(
                            "gateway",
                            new NopReceiverFactory(),
                            new FilterProcessorFactory(),
                            new TransformProcessorFactory(),
                            new NopExporterFactory()),
                    _ -> null)
            .orThrow();

    private int bytes;
    private final Consumer end = (batch, done) -> {
        bytes = batch.length();
        done.complete(Delivery.ACCEPTED);
    };
    private final Consumer filter = processor("filter", end);
    private final Consumer transform = processor("transform", end);
    private final Consumer both = processor("filter", processor("transform", end));

    private Consumer processor(String type, Consumer next) {
        return make(Objects.requireNonNull(model.find(Kind.PROCESSOR, new ComponentId(type, ""))), next);
    }

    private <C extends Record> Consumer make(PipelineModel.Configured<C> configured, Consumer next) {
        Metrics metrics = new Metrics();
        HeldBytes held = new HeldBytes();
        ComponentContext context = new ComponentContext(
                "processor",
                configured.id(),
                Signal.TRACES,
                "traces",
                metrics,
                new Ledger(metrics, "processor", configured.id().toString(), Signal.TRACES),
                held.part(),
                timer,
                new ProcessContext(
                        "gateway", "0", "bench", Path.of("none"), InstantSource.system(), held, RecentTraces.NONE),
                Map.of());
        return ((ComponentFactory.OfProcessor<C>) configured.factory()).create(context, configured.config(), next);
    }

    private int run(Consumer consumer) {
        consumer.consume(Batch.of(Signal.TRACES, request, SampleRequests.SPANS), _ -> {});
        return bytes;
    }

    @Benchmark
    public int filter() {
        return run(filter);
    }

    @Benchmark
    public int transform() {
        return run(transform);
    }

    @Benchmark
    public int filterAndTransform() {
        return run(both);
    }

    @TearDown
    public void close() {
        timer.close();
    }
}
