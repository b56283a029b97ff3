package weir.load;

import static weir.load.LoadSpans.number;
import static weir.load.LoadSpans.text;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;
import weir.otlp.Wire;

/**
 * Encoded requests that together hold whole traces, made once; a sender makes a new request of one by copying it and writing
 * ids, times and status over the old ones, which all have fixed widths. Immutable; any thread may stamp.
 */
final class Group {
    private static final String[] SERVICES = {
        "checkout", "cart", "payment", "catalog", "shipping", "frontend", "email", "ads"
    };
    private static final VarHandle BE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** One request and where in it, per span, lie the things that change. */
    private record Template(
            byte[] bytes, int[] trace, int[] span, int[] parent, int[] start, int[] status, int[] slot, int[] index) {}

    private final Shape shape;
    private final List<Template> templates = new ArrayList<>();

    /** @param variant differs in its resources from other variants */
    Group(Shape shape, int variant) {
        this.shape = shape;
        for (int part = 0; part < shape.spread(); part++) {
            templates.add(template(part, variant));
        }
    }

    int requests() {
        return templates.size();
    }

    int bytes() {
        return templates.getFirst().bytes().length;
    }

    private Template template(int part, int variant) {
        int perTrace = shape.spans() / shape.spread();
        int spans = shape.perRequest();
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        for (int r = 0; r < shape.resources(); r++) {
            ScopeSpans.Builder scope = ScopeSpans.newBuilder()
                    .setScope(InstrumentationScope.newBuilder()
                            .setName("io.opentelemetry.netty-4.1")
                            .setVersion("2.11.0-alpha"));
            for (int i = r; i < spans; i += shape.resources()) {
                scope.addSpans(span(i, part * perTrace + i % perTrace));
            }
            request.addResourceSpans(ResourceSpans.newBuilder()
                    .setResource(resource(SERVICES[(r + variant) % SERVICES.length], variant))
                    .addScopeSpans(scope));
        }
        byte[] bytes = request.build().toByteArray();
        Template made = new Template(
                bytes,
                new int[spans],
                new int[spans],
                new int[spans],
                new int[spans],
                new int[spans],
                new int[spans],
                new int[spans]);
        TraceIndex index = new TraceIndex();
        try {
            index.index(bytes, 0, bytes.length);
            for (int s = 0; s < spans; s++) {
                place(made, s, index);
                int number = (int) index.traceIdLow(s);
                made.slot()[s] = number / perTrace;
                made.index()[s] = part * perTrace + number % perTrace;
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("the judge made a malformed request", e);
        }
        return made;
    }

    private static void place(Template made, int s, TraceIndex index) throws MalformedOtlpException {
        byte[] b = made.bytes();
        int end = index.spanEnd(s);
        int at = index.spanFrom(s);
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            int next = Wire.skip(b, after, end, tag, 1);
            switch (tag >>> 3) {
                case 1 -> made.trace()[s] = next - 16;
                case 2 -> made.span()[s] = next - 8;
                case 4 -> made.parent()[s] = next - 8;
                case 7 -> made.start()[s] = next - 8;
                case 15 -> made.status()[s] = next - 1;
                default -> {}
            }
            at = next;
        }
    }

    private Resource resource(String service, int variant) {
        Resource.Builder resource = Resource.newBuilder()
                .addAttributes(text("service.name", service))
                .addAttributes(text("service.version", "1.4.2"))
                .addAttributes(text("service.namespace", "shop"))
                .addAttributes(text("k8s.pod.name", "%s-7f9c6d5b8-x%04d".formatted(service, variant)))
                .addAttributes(text("k8s.namespace.name", "shop"))
                .addAttributes(text("k8s.node.name", "node-17"))
                .addAttributes(text("telemetry.sdk.language", "java"))
                .addAttributes(text("telemetry.sdk.name", "opentelemetry"))
                .addAttributes(text("telemetry.sdk.version", "1.45.0"))
                .addAttributes(text("host.name", "node-17"));
        if (shape.mixed()) {
            resource.addAttributes(text("process.command", "/opt/%s/bin/%s".formatted(service, service)))
                    .addAttributes(text("process.executable.path", "/usr/lib/jvm/bin/java"))
                    .addAttributes(number("process.pid", 7))
                    .addAttributes(text("os.type", "linux"));
        }
        return resource.build();
    }

    /** @param index of the span in its trace */
    private Span span(int i, int index) {
        ByteString eight = ByteString.copyFrom(new byte[] {1, 1, 1, 1, 1, 1, 1, 1});
        Span.Builder span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(
                        ByteBuffer.allocate(16).putLong(1).putLong(i).flip()))
                .setSpanId(eight)
                .setParentSpanId(eight)
                .setStartTimeUnixNano(1)
                .setEndTimeUnixNano(1)
                .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_OK));
        if (shape.mixed()) {
            LoadSpans.describe(span, i, index);
        } else {
            LoadSpans.server(span, i);
        }
        if (shape.paddingBytes() > 0) {
            StringBuilder padding = new StringBuilder();
            for (int j = 0; j < shape.paddingBytes(); j++) {
                padding.append((char) ('a' + (j * 7 + i) % 26));
            }
            span.addAttributes(text("app.padding", padding.toString()));
        }
        return span.build();
    }

    /**
     * A new request: the group's {@code part}-th, for the traces numbered from {@code first}. A span id is the trace's number
     * and the span's index in plain sight, {@code number << 8 | index + 1}.
     */
    byte[] stamp(int part, long first, long seed, long nowNanos) {
        Template t = templates.get(part);
        byte[] b = t.bytes().clone();
        for (int s = 0; s < t.trace().length; s++) {
            long number = first + t.slot()[s];
            int index = t.index()[s];
            BE64.set(b, t.trace()[s], Shape.mix(number ^ seed));
            BE64.set(b, t.trace()[s] + 8, Shape.mix(Shape.mix(number + seed)));
            BE64.set(b, t.span()[s], number << 8 | (index + 1));
            BE64.set(b, t.parent()[s], index == 0 ? 0 : number << 8 | index);
            boolean slow = index == 0 && shape.isSlow(number);
            long took = slow ? 3_000_000_000L : 4_000_000;
            long begin = slow ? nowNanos - took : nowNanos - 5_000_000;
            LE64.set(b, t.start()[s], begin);
            LE64.set(b, t.start()[s] + 9, begin + took);
            b[t.status()[s]] = (byte) (index == shape.spans() - 1 && shape.isError(number) ? 2 : 1);
        }
        return b;
    }
}
