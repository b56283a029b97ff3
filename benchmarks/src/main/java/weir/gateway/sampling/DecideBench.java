package weir.gateway.sampling;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import weir.benchmarks.SampleRequests;
import weir.config.Binder;
import weir.config.Position;
import weir.config.Problems;
import weir.config.YamlReader;
import weir.flow.HeldBytes;
import weir.flow.Timer;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;
import weir.otlp.Wire;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentId;
import weir.pipeline.Delivery;
import weir.pipeline.Ledger;
import weir.pipeline.ProcessContext;
import weir.pipeline.RecentTraces;
import weir.telemetry.Metrics;

/**
 * What a span costs on its way through the tail sampler, on one thread: index the request, append the spans to the log, let
 * the traces wait for 5 s, decide them by four policies, or nine, gather the tenth that is kept. 128,000 spans of 16,000 traces are
 * undecided at any time. In the sampler's package because the turns of its shard are taken by hand.
 */
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SampleRequests.SPANS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx512m")
public class DecideBench {
    private static final String FOUR = """
            decision_wait: 5s
            weir: {max_held_mib: 256}
            policies:
              - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
              - {name: slow, type: latency, latency: {threshold_ms: 2000}}
              - {name: middling, type: latency, latency: {threshold_ms: 500, upper_threshold_ms: 600}}
              - {name: tenth, type: probabilistic, probabilistic: {sampling_percentage: 10, hash_salt: benchmark}}
            """;

    /** All of these look at each span, and find nothing. */
    private static final String FIVE_OF_ATTRIBUTES = """
              - {name: method, type: string_attribute, string_attribute: {key: http.request.method, values: [DELETE, PATCH]}}
              - {name: server, type: string_attribute, string_attribute: {key: server.address, values: [payment.shop.svc]}}
              - name: admin
                type: string_attribute
                string_attribute: {key: url.path, values: ["^/api/v[0-9]+/(admin|debug)/.*"], enabled_regex_matching: true}
              - {name: failed, type: numeric_attribute, numeric_attribute: {key: http.response.status_code, min_value: 501, max_value: 599}}
              - {name: marked, type: boolean_attribute, boolean_attribute: {key: app.sample, value: true}}
            """;

    /** How many policies there are. */
    @Param({"4", "9"})
    private int policies;

    private static final long REQUEST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final byte[] request = SampleRequests.traces().toByteArray();
    private final Batch batch = Batch.of(Signal.TRACES, request, SampleRequests.SPANS);
    private final int[] idEnds = new int[SampleRequests.SPANS];
    private final byte[] ids = new byte[SampleRequests.SPANS * Long.BYTES];
    private final StillTimer timer = new StillTimer();
    private TailSamplingProcessor sampler = sampler(FOUR);
    private long requests;
    private long kept;

    /** Indexes the request once, to know where its trace ids lie. */
    public DecideBench() {
        try {
            TraceIndex index = new TraceIndex();
            index.index(request, 0, request.length);
            for (int span = 0; span < idEnds.length; span++) {
                // A span begins with its trace id: tag, length, 16 bytes.
                idEnds[span] = index.spanFrom(span) + 18;
                Wire.putFixed64(ids, span * Long.BYTES, Wire.fixed64(request, idEnds[span] - Long.BYTES));
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException(e);
        }
    }

    @Setup
    public void prepare() {
        sampler = sampler(policies == 4 ? FOUR : FOUR + FIVE_OF_ATTRIBUTES);
    }

    private TailSamplingProcessor sampler(String file) {
        HeldBytes held = new HeldBytes();
        Metrics metrics = new Metrics();
        ComponentContext context = new ComponentContext(
                "processor",
                ComponentId.parse("tail_sampling"),
                Signal.TRACES,
                "traces",
                metrics,
                new Ledger(metrics, "processor", "tail_sampling", Signal.TRACES),
                held.part(),
                timer,
                new ProcessContext(
                        "gateway", "0", "gateway-0", Path.of(""), InstantSource.system(), held, RecentTraces.NONE),
                Map.of());
        return new TailSamplingProcessor(
                context,
                config(file),
                (out, done) -> {
                    kept += out.items();
                    done.complete(Delivery.ACCEPTED);
                },
                42);
    }

    private static TailSamplingConfig config(String file) {
        Problems problems = new Problems("benchmark", file);
        TailSamplingConfig config = new Binder(problems, path -> null)
                .bind(TailSamplingConfig.class, YamlReader.read(problems, file), Position.FILE, "tail_sampling");
        if (config == null) {
            throw new IllegalStateException(problems.sorted().toString());
        }
        return config;
    }

    /** One request comes, 20 ms after the one before; how many spans were kept so far. */
    @Benchmark
    public long decide() {
        requests++;
        timer.now += REQUEST_NANOS;
        for (int span = 0; span < idEnds.length; span++) {
            long first = Wire.fixed64(ids, span * Long.BYTES);
            Wire.putFixed64(request, idEnds[span] - Long.BYTES, first + (requests << 16));
        }
        sampler.consume(batch, delivery -> {
            if (!delivery.equals(Delivery.ACCEPTED)) {
                throw new IllegalStateException("not taken in: " + delivery);
            }
        });
        TraceShard shard = sampler.shards().getFirst();
        long wait = shard.turn();
        while (wait == 0) {
            wait = shard.turn();
        }
        return kept;
    }

    /** How many spans were offered so far. */
    public long offered() {
        return requests * SampleRequests.SPANS;
    }

    /** Stands where the benchmark puts it; nothing is planned by it. */
    static final class StillTimer implements Timer {
        private long now;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Cancellable after(Duration delay, Runnable task) {
            throw new UnsupportedOperationException("not by this timer");
        }

        @Override
        public Cancellable every(Duration period, Runnable task) {
            throw new UnsupportedOperationException("not by this timer");
        }
    }
}
