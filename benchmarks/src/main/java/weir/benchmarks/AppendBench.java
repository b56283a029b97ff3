package weir.benchmarks;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
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
import weir.otlp.AttributeCursor;
import weir.otlp.AttributeEdit;
import weir.otlp.Attributes;
import weir.otlp.Batch;
import weir.otlp.Fields;
import weir.otlp.MalformedOtlpException;
import weir.otlp.ResourceEdit;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;

/** What it costs per span to enrich the resource of a request, and to look at all attributes of its spans. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SampleRequests.SPANS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AppendBench {
    private static final String KEY = "k8s.node.name";
    private static final String VALUE = "node-17.eu-central-1.compute.internal";

    private final byte[] request = SampleRequests.traces().toByteArray();
    private final Batch batch = Batch.of(Signal.TRACES, request, SampleRequests.SPANS);
    private final ResourceEdit resources = new ResourceEdit();
    private final AttributeEdit edit = new AttributeEdit().upsert(KEY, Attributes.value(VALUE));
    private final TraceIndex index = new TraceIndex();
    private final AttributeCursor attributes = new AttributeCursor();
    private final byte[] status = Attributes.key("http.response.status_code");

    public AppendBench() {
        try {
            index.index(request, 0, request.length);
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException(e);
        }
    }

    @Benchmark
    public Batch enrich() {
        return resources.apply(batch, edit);
    }

    @Benchmark
    public byte[] protobuf() throws InvalidProtocolBufferException {
        ExportTraceServiceRequest.Builder whole = ExportTraceServiceRequest.parseFrom(request).toBuilder();
        for (ResourceSpans.Builder resource : whole.getResourceSpansBuilderList()) {
            resource.getResourceBuilder()
                    .addAttributes(KeyValue.newBuilder()
                            .setKey(KEY)
                            .setValue(AnyValue.newBuilder().setStringValue(VALUE)));
        }
        return whole.build().toByteArray();
    }

    /** How many spans failed by one of their attributes, in an index made before. */
    @Benchmark
    public int attributes() {
        int failed = 0;
        for (int span = 0; span < index.spans(); span++) {
            attributes.reset(request, index.spanFrom(span), index.spanEnd(span), Fields.SPAN_ATTRIBUTES);
            while (attributes.next()) {
                if (attributes.keyEquals(status) && attributes.value().longValue() >= 500) {
                    failed++;
                }
            }
        }
        return failed;
    }
}
