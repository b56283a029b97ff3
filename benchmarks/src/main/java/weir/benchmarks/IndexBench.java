package weir.benchmarks;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
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
import org.openjdk.jmh.annotations.Warmup;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.OtlpCheck;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;

/** What the door costs per span: checking a request in full, with and without an index of its spans. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SampleRequests.SPANS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class IndexBench {
    private final byte[] request = SampleRequests.traces().toByteArray();
    private final TraceIndex index = new TraceIndex();

    @Benchmark
    public int index() throws MalformedOtlpException {
        index.index(request, 0, request.length);
        return index.spans();
    }

    /** Of a request that was made of checked ones. */
    @Benchmark
    public int indexChecked() throws MalformedOtlpException {
        index.indexChecked(request, 0, request.length);
        return index.spans();
    }

    @Benchmark
    public Batch check() throws MalformedOtlpException {
        return OtlpCheck.check(Signal.TRACES, request, 0, request.length);
    }

    @Benchmark
    public ExportTraceServiceRequest protobuf() throws InvalidProtocolBufferException {
        return ExportTraceServiceRequest.parseFrom(request);
    }
}
