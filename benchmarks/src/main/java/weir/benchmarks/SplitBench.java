package weir.benchmarks;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
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
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;
import weir.otlp.TraceSplit;
import weir.otlp.TraceWriter;

/** What it costs per span to index a request and split it by trace id, and to gather some spans into a new one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SampleRequests.SPANS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SplitBench {
    private static final int BACKENDS = 4;

    private final byte[] request = SampleRequests.traces().toByteArray();
    private final byte[] out = new byte[request.length];
    private final TraceIndex index = new TraceIndex();
    private final TraceSplit split = new TraceSplit();
    private final TraceWriter writer = new TraceWriter(request.length + 64);
    private final int[] destination = new int[SampleRequests.SPANS];

    @Benchmark
    public int split() throws MalformedOtlpException {
        index.index(request, 0, request.length);
        for (int span = 0; span < index.spans(); span++) {
            destination[span] = (int) index.traceIdLow(span) & BACKENDS - 1;
        }
        split.split(index, destination, BACKENDS);
        int bytes = 0;
        for (int to = 0; to < BACKENDS; to++) {
            bytes += split.write(to, out, 0);
        }
        return bytes;
    }

    @Benchmark
    public int gatherAll() throws MalformedOtlpException {
        index.index(request, 0, request.length);
        writer.clear();
        writer.beginResource(index, 0);
        writer.beginScope(index, 0);
        for (int span = 0; span < index.spans(); span++) {
            writer.span(request, index.spanFrom(span), index.spanEnd(span));
        }
        return writer.size();
    }

    @Benchmark
    public int protobuf() throws InvalidProtocolBufferException {
        ExportTraceServiceRequest whole = ExportTraceServiceRequest.parseFrom(request);
        ExportTraceServiceRequest.Builder[] parts = new ExportTraceServiceRequest.Builder[BACKENDS];
        for (int to = 0; to < BACKENDS; to++) {
            parts[to] = ExportTraceServiceRequest.newBuilder();
        }
        for (ResourceSpans resource : whole.getResourceSpansList()) {
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                ScopeSpans.Builder[] scopes = new ScopeSpans.Builder[BACKENDS];
                for (int to = 0; to < BACKENDS; to++) {
                    scopes[to] = ScopeSpans.newBuilder().setScope(scope.getScope());
                }
                for (Span span : scope.getSpansList()) {
                    scopes[span.getTraceId().byteAt(15) & BACKENDS - 1].addSpans(span);
                }
                for (int to = 0; to < BACKENDS; to++) {
                    parts[to].addResourceSpans(ResourceSpans.newBuilder()
                            .setResource(resource.getResource())
                            .addScopeSpans(scopes[to]));
                }
            }
        }
        int bytes = 0;
        for (ExportTraceServiceRequest.Builder part : parts) {
            bytes += part.build().toByteArray().length;
        }
        return bytes;
    }
}
