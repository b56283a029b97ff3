package weir.testing;

import static weir.otlp.OtlpSamples.flag;
import static weir.otlp.OtlpSamples.integer;
import static weir.otlp.OtlpSamples.number;
import static weir.otlp.OtlpSamples.text;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Requests of spans that differ in all that span metrics look at. Thresholds stand for whole numbers, so nothing is rounded. */
public final class RandomSpans {
    private static final List<String> STATES = List.of(
            "", "", "", "ot=th:8", "ot=th:c;x:y", "a=b, ot=th:e ,c=d", "ot=rv:abcdabcdabcdab", "ot=th:zz", "no", "=,");
    private static final List<String> NAMES = List.of("GET /", "POST /cart", "", "SELECT köln", "GET /cart/{id}");

    private final Random random;

    /** @param seed the same gives the same requests */
    public RandomSpans(long seed) {
        this.random = new Random(seed);
    }

    /** The next request. */
    public ExportTraceServiceRequest next() {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            ResourceSpans.Builder resource = request.addResourceSpansBuilder().setResource(resource());
            for (int scopes = random.nextInt(3); scopes > 0; scopes--) {
                ScopeSpans.Builder scope = resource.addScopeSpansBuilder();
                scope.setScope(InstrumentationScope.newBuilder()
                        .setName(one("http", "sql", ""))
                        .setVersion("1.0"));
                for (int spans = random.nextInt(12); spans > 0; spans--) {
                    scope.addSpans(span());
                }
            }
        }
        return request.build();
    }

    /** How many spans a request has. */
    public static int spans(ExportTraceServiceRequest request) {
        return request.getResourceSpansList().stream()
                .flatMap(r -> r.getScopeSpansList().stream())
                .mapToInt(ScopeSpans::getSpansCount)
                .sum();
    }

    private Resource resource() {
        List<KeyValue> attributes = new ArrayList<>();
        if (random.nextInt(8) > 0) {
            attributes.add(text("service.name", one("cart", "shop", "pay")));
        }
        if (random.nextInt(3) > 0) {
            attributes.add(text("host.name", one("a", "b")));
        }
        if (random.nextBoolean()) {
            attributes.add(text("http.route", "/of/resource"));
        }
        if (random.nextInt(4) == 0) {
            attributes.add(integer("process.pid", random.nextInt(2)));
        }
        Collections.shuffle(attributes, random);
        return Resource.newBuilder().addAllAttributes(attributes).build();
    }

    private Span span() {
        long start = 1_767_225_600_000_000_000L + random.nextInt(1000);
        long nanos = random.nextInt(6) == 0 ? 0 : (long) Math.exp(random.nextDouble() * 25);
        Span.Builder span = Span.newBuilder()
                .setTraceId(id(16))
                .setSpanId(id(8))
                .setName(one(NAMES.toArray(String[]::new)))
                .setKindValue(random.nextInt(6))
                .setTraceState(one(STATES.toArray(String[]::new)))
                .setStartTimeUnixNano(start)
                .setEndTimeUnixNano(random.nextInt(10) == 0 ? start - 5 : start + nanos);
        if (random.nextBoolean()) {
            span.setStatus(Status.newBuilder().setCodeValue(random.nextInt(3)));
        }
        span.addAllAttributes(attributes());
        for (int events = random.nextInt(3); events > 0; events--) {
            span.addEventsBuilder().setName("exception").addAllAttributes(attributes());
        }
        return span.build();
    }

    private List<KeyValue> attributes() {
        List<KeyValue> attributes = new ArrayList<>();
        if (random.nextBoolean()) {
            attributes.add(text("http.request.method", one("GET", "POST")));
        }
        if (random.nextBoolean()) {
            attributes.add(integer("http.response.status_code", random.nextBoolean() ? 200 : -500));
        }
        if (random.nextInt(4) == 0) {
            attributes.add(text("http.route", one("/cart", "/")));
        }
        if (random.nextInt(4) == 0) {
            attributes.add(flag("cache.hit", random.nextBoolean()));
        }
        if (random.nextInt(6) == 0) {
            attributes.add(number("ratio", random.nextBoolean() ? 0.25 : 2));
        }
        if (random.nextInt(3) == 0) {
            attributes.add(text("exception.type", one("Timeout", "Refused")));
        }
        Collections.shuffle(attributes, random);
        return attributes;
    }

    private ByteString id(int bytes) {
        ByteBuffer id = ByteBuffer.allocate(bytes);
        while (id.hasRemaining()) {
            id.putLong(random.nextLong());
        }
        return ByteString.copyFrom(id.flip());
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }
}
