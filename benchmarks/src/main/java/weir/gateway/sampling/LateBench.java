package weir.gateway.sampling;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
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
import weir.otlp.MalformedOtlpException;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;
import weir.otlp.Wire;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentId;
import weir.pipeline.Ledger;
import weir.pipeline.ProcessContext;
import weir.pipeline.RecentTraces;
import weir.telemetry.Metrics;

/**
 * What a span costs whose trace was dropped before it came: {@code late} less {@code index} is how long it takes to look it
 * up among 1.5 million decisions, count it and let it go. The traces are so many that what is looked up is in no cache of the
 * processor.
 */
@NullMarked
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SampleRequests.SPANS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx768m")
public class LateBench {
    private static final String CONFIG = """
            decision_wait: 5s
            policies:
              - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
            """;

    private static final long SEED = 42;
    private static final int REQUESTS = 512;
    private static final int REMEMBERED = 1_500_000;
    private static final int LATE_TICK = 2_000;

    /** How many spans one after the other are of one trace. */
    @Param({"1", "8"})
    public int spansATrace;

    private final byte[] request = SampleRequests.traces().toByteArray();
    private final int[] idFrom = new int[SampleRequests.SPANS];
    /** The trace ids of each request, one after the other. */
    private final long[][] ids = new long[REQUESTS][2 * SampleRequests.SPANS];

    private final TraceIndex index = new TraceIndex();
    private final Submission submission;
    private final Metrics metrics = new Metrics();
    private final Ledger ledger = new Ledger(metrics, "processor", "tail_sampling", Signal.TRACES);
    private final TraceBuffer buffer = buffer();
    private int next;

    /** Indexes the request once, to know where its trace ids lie. */
    public LateBench() {
        indexRequest();
        for (int span = 0; span < idFrom.length; span++) {
            // A span begins with its trace id: tag, length, 16 bytes.
            idFrom[span] = index.spanFrom(span) + 2;
        }
        submission = new Submission(index, TraceJournal.NO_RECORD, null, null, 1, _ -> {});
    }

    private void indexRequest() {
        try {
            index.index(request, 0, request.length);
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException(e);
        }
    }

    private TraceBuffer buffer() {
        HeldBytes held = new HeldBytes();
        ComponentContext context = new ComponentContext(
                "processor",
                ComponentId.parse("tail_sampling"),
                Signal.TRACES,
                "traces",
                metrics,
                ledger,
                held.part(),
                new DecideBench.StillTimer(),
                new ProcessContext(
                        "gateway", "0", "gateway-0", Path.of(""), InstantSource.system(), held, RecentTraces.NONE),
                Map.of());
        TailSamplingConfig config = config();
        PolicySet policies = new PolicySet(config.policies(), config.rules(), 1);
        SamplingMetrics sampling = new SamplingMetrics(context);
        return new TraceBuffer(
                SEED,
                Limits.of(config),
                policies,
                new PolicyInstruments(new PolicyMetrics(context, policies, ""), null),
                0,
                new Tally(sampling),
                sampling,
                new Outbox((_, _) -> {}, ledger, sampling.retries, 1 << 20, () -> {}, ShardJournal.OFF),
                new Explainer("tail_sampling", 1 << 20, policies, sampling.overwritten),
                new DecisionNotes(context.process()),
                ShardJournal.OFF,
                new ForeignDecisions(context, 0, Duration.ZERO),
                (what, e) -> {
                    throw new IllegalStateException(what, e);
                });
    }

    private static TailSamplingConfig config() {
        Problems problems = new Problems("benchmark", CONFIG);
        TailSamplingConfig config = new Binder(problems, path -> null)
                .bind(TailSamplingConfig.class, YamlReader.read(problems, CONFIG), Position.FILE, "tail_sampling");
        if (config == null) {
            throw new IllegalStateException(problems.sorted().toString());
        }
        return config;
    }

    /** Chooses the traces of all requests and has them dropped, among others. */
    @Setup
    public void decide() {
        SplittableRandom random = new SplittableRandom(7);
        int others = REMEMBERED / REQUESTS - SampleRequests.SPANS / spansATrace;
        for (long[] of : ids) {
            for (int i = 0; i < of.length; i += 2) {
                boolean first = i / 2 % spansATrace == 0;
                of[i] = first ? random.nextLong() : of[i - 2];
                of[i + 1] = first ? random.nextLong() : of[i - 1];
                if (first) {
                    buffer.decisions()
                            .recall(
                                    TraceHash.of(Long.reverseBytes(of[i]), Long.reverseBytes(of[i + 1]), SEED),
                                    false,
                                    0);
                }
            }
            for (int n = 0; n < others; n++) {
                buffer.decisions().recall(random.nextLong(), false, 0);
            }
        }
    }

    /** One request comes and is indexed. */
    @Benchmark
    public int index() {
        long[] of = ids[next];
        next = (next + 1) % REQUESTS;
        for (int span = 0; span < idFrom.length; span++) {
            // Fixed numbers are little-endian, ids are not.
            Wire.putFixed64(request, idFrom[span], of[2 * span]);
            Wire.putFixed64(request, idFrom[span] + Long.BYTES, of[2 * span + 1]);
        }
        indexRequest();
        return index.spans();
    }

    /** The same, and every span of it is late. */
    @Benchmark
    public int late() {
        index();
        int missing = buffer.append(submission, 0, LATE_TICK);
        buffer.settle(ledger);
        buffer.publish();
        if (missing > 0 || buffer.traces() > 0) {
            throw new IllegalStateException("not late");
        }
        return missing;
    }
}
