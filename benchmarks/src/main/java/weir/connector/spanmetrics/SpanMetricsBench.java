package weir.connector.spanmetrics;

import java.util.concurrent.TimeUnit;
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
import weir.config.Yaml;
import weir.config.YamlReader;
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;

/** What it costs to count a span of a request that was indexed before. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SampleRequests.SPANS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SpanMetricsBench {
    /** The connector's options: none, two dimensions, the same with two families of series, a pattern. */
    @Param({
        "{}",
        "{dimensions: [{name: http.request.method}, {name: http.response.status_code}]}",
        "{dimensions: [{name: http.request.method}], calls_dimensions: [{name: http.response.status_code}]}",
        "{dimensions: [{glob: 'http.**'}], histogram: {exponential: {}}}"
    })
    public String options = "{}";

    private final TraceIndex index = new TraceIndex();
    private SpanCounter counter = counter("{}");

    /** Makes the counter, and the series of the request. */
    @Setup
    public void prepare() throws MalformedOtlpException {
        byte[] request = SampleRequests.traces().toByteArray();
        index.index(request, 0, request.length);
        counter = counter(options);
        counter.count(index, 1, 1);
    }

    private static SpanCounter counter(String options) {
        Problems problems = new Problems("", options);
        Yaml read = YamlReader.read(problems, options);
        SpanMetricsConfig config =
                new Binder(problems, path -> null).bind(SpanMetricsConfig.class, read, Position.FILE, "span_metrics");
        if (config == null) {
            throw new IllegalArgumentException(options);
        }
        return new SpanCounter(config, "bench-0", 7);
    }

    /** @return how often the first series was counted, so far */
    @Benchmark
    public long count() {
        counter.count(index, 1, 1);
        return counter.families().getFirst().series().count(0);
    }
}
