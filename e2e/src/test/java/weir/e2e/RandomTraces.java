package weir.e2e;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Traces in pieces, scattered over requests of several resources and scopes: spans with attributes of every type of which
 * some meet the policies of the test, because keys and values are few. The same for the same seed.
 */
final class RandomTraces {
    /** Spans of each trace that {@link #addLimited} makes. */
    static final int LIMITED_SPANS = 8;

    static final String LONG_STATE = "v".repeat(247);

    private static final long BASE = 1_700_000_000_000_000_000L;
    private static final List<String> KEYS =
            List.of("k", "k", "http.route", "http.route", "http.status", "vip", "other");
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "b",
            "c",
            "true",
            "2",
            "/api/v1/pay",
            "/api/v1/pay/42",
            "/health",
            "/health/live",
            "get",
            "ä€",
            "a\n");
    private static final List<String> STATES = List.of(
            "vendor=1",
            "vendor=2,other=x",
            "other=y,vendor=1",
            "vendor=1,vendor=1",
            "Vendor=1",
            "x",
            " vendor=1 ,o=2",
            "t@vendor=a b",
            "t@vendor=x,,vendor=3",
            "t@vendor=" + LONG_STATE,
            "t@vendor=" + LONG_STATE + "v",
            "vendor=",
            "ot=th:8,vendor=1");

    /** A span with where it stood. */
    record Sent(Resource resource, ScopeSpans scope, Span span) {}

    private final Random random;
    private final List<List<Span>> requests = new ArrayList<>();
    private final List<List<Span>> late = new ArrayList<>();

    /** By the id of each span, the trace that it is of. */
    private final Map<Long, ByteString> traceOf = new LinkedHashMap<>();

    /** By the id of each span, what was sent, in that order. */
    private final Map<Long, Sent> sent = new LinkedHashMap<>();

    private long nextSpan = 1;

    RandomTraces(long seed) {
        random = new Random(seed);
    }

    <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    ByteString id() {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .flip());
    }

    /** Adds traces of 1 to 9 spans, of a third of which some come when the trace was decided. */
    void addScattered(int traces, int perRequest) {
        int from = requests.size();
        for (int t = 0; t < traces; t++) {
            ByteString id = id();
            int first = from + t / perRequest;
            int spans = random.nextInt(1, 10);
            int inTime = oneIn(3) ? random.nextInt(0, spans + 1) : spans;
            for (int n = 0; n < spans; n++) {
                place(n < inTime ? requests : late, first + random.nextInt(2), span(id));
            }
        }
    }

    /** Adds traces of equal size, each with its spans under one resource and scope. */
    void addLimited(int traces) {
        int request = requests.size();
        for (int t = 0; t < traces; t++) {
            ByteString id = id();
            for (int n = 0; n < LIMITED_SPANS; n++) {
                place(
                        requests,
                        request,
                        plain(id, "limited", t % 2 == 0 ? "x" : "y").build());
            }
        }
    }

    /** What a trace of {@link #addLimited} takes as a message of its own, as the collector reckons. */
    int limitedBytes() {
        List<Span> limited = sent.values().stream()
                .map(Sent::span)
                .filter(s -> s.getAttributesList().contains(text("limited", "x")))
                .limit(LIMITED_SPANS)
                // It counts a parent and a status that are not there with two bytes each: as many as these take.
                .map(s -> s.toBuilder()
                        .setDroppedEventsCount(1)
                        .setDroppedLinksCount(1)
                        .build())
                .toList();
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(plain(limited))
                .build()
                .getSerializedSize();
    }

    /** Adds pairs of traces whose ids end alike, the second of which comes when the first was decided. */
    void addNamesakes(int pairs) {
        int request = requests.size();
        for (int p = 0; p < pairs; p++) {
            ByteString first = id();
            ByteString second = id().substring(0, 8).concat(first.substring(8));
            place(
                    requests,
                    request,
                    plain(first, "namesake", p % 2 == 0 ? "kept" : "dropped").build());
            place(
                    late,
                    request,
                    plain(second, "namesake", p % 2 == 0 ? "dropped" : "kept").build());
        }
    }

    private void place(List<List<Span>> where, int request, Span span) {
        while (where.size() <= request) {
            where.add(new ArrayList<>());
        }
        where.get(request).add(span);
    }

    private Span.Builder plain(ByteString trace, String key, String value) {
        long id = nextSpan++;
        traceOf.put(id, trace);
        return Span.newBuilder()
                .setTraceId(trace)
                .setSpanId(bytes(id))
                .setName("plain")
                .setStartTimeUnixNano(BASE)
                .setEndTimeUnixNano(BASE + 1_000_000)
                .addAttributes(text(key, value));
    }

    static ByteString bytes(long id) {
        return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(id).flip());
    }

    static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private Span span(ByteString trace) {
        long id = nextSpan++;
        traceOf.put(id, trace);
        long start = BASE + random.nextInt(40) * 1_000_000L + random.nextInt(1_000_000);
        Span.Builder span = Span.newBuilder()
                .setTraceId(trace)
                .setSpanId(bytes(id))
                .setParentSpanId(oneIn(4) ? ByteString.EMPTY : bytes(random.nextLong(1, 1000)))
                .setName(oneOf(TEXTS))
                .setKindValue(random.nextInt(6))
                .setStartTimeUnixNano(oneIn(60) ? 0 : start)
                .setEndTimeUnixNano(oneIn(60) ? 0 : start + random.nextInt(-3, 40) * 1_000_000L)
                .addAllAttributes(attributes(4))
                .setDroppedAttributesCount(random.nextInt(2))
                .setFlags(oneOf(List.of(0, 0, 0, 0, 1, 256, 257, 0x300)));
        if (oneIn(4)) {
            span.setTraceState(oneOf(STATES));
        }
        if (oneIn(3)) {
            span.setStatus(Status.newBuilder()
                    .setCodeValue(oneOf(List.of(0, 1, 1, 1, 2, 3)))
                    .setMessage(oneOf(TEXTS)));
        }
        for (int n = random.nextInt(3); n > 0; n--) {
            span.addEvents(Span.Event.newBuilder()
                    .setTimeUnixNano(start)
                    .setName(oneOf(TEXTS))
                    .addAllAttributes(attributes(2)));
        }
        if (oneIn(6)) {
            span.addLinks(Span.Link.newBuilder()
                    .setTraceId(id())
                    .setSpanId(bytes(random.nextLong()))
                    .setTraceState(oneOf(STATES))
                    .addAllAttributes(attributes(2)));
        }
        return span.build();
    }

    List<KeyValue> attributes(int most) {
        List<KeyValue> attributes = new ArrayList<>();
        for (int n = random.nextInt(most + 1); n > 0; n--) {
            attributes.add(
                    KeyValue.newBuilder().setKey(oneOf(KEYS)).setValue(value(2)).build());
        }
        return attributes;
    }

    AnyValue value(int depth) {
        AnyValue.Builder value = AnyValue.newBuilder();
        switch (random.nextInt(depth > 0 ? 14 : 10)) {
            case 0, 1, 2, 3 -> value.setStringValue(oneOf(TEXTS));
            case 4, 5 ->
                value.setIntValue(oneOf(List.of(-3L, -2L, -1L, 0L, 1L, 2L, 3L, 200L, 404L, 500L, Long.MAX_VALUE)));
            case 6 -> value.setDoubleValue(oneOf(List.of(-1.5, 0.0, 0.5, 1.0, 2.0, 500.0, Double.NaN)));
            case 7, 8 -> value.setBoolValue(random.nextBoolean());
            case 9 -> value.setBytesValue(ByteString.copyFromUtf8(oneOf(TEXTS)));
            case 10, 11 ->
                value.setArrayValue(
                        ArrayValue.newBuilder().addValues(value(depth - 1)).addValues(value(depth - 1)));
            case 12 ->
                value.setKvlistValue(KeyValueList.newBuilder()
                        .addValues(KeyValue.newBuilder().setKey("k").setValue(value(depth - 1))));
            default -> {} // A value that is none.
        }
        return value.build();
    }

    /** What is sent first, in this order; to be asked once, as {@link #late()} is after it. */
    List<ExportTraceServiceRequest> inTime() {
        return requests.stream().filter(r -> !r.isEmpty()).map(this::request).toList();
    }

    /** What is sent when all traces of {@link #inTime} have been decided. */
    List<ExportTraceServiceRequest> late() {
        return late.stream().filter(r -> !r.isEmpty()).map(this::request).toList();
    }

    private ExportTraceServiceRequest request(List<Span> spans) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        if (spans.getFirst().getName().equals("plain")) {
            request.addResourceSpans(plain(spans));
        } else {
            List<Span> left = new ArrayList<>(spans);
            Collections.shuffle(left, random);
            while (!left.isEmpty()) {
                request.addResourceSpans(some(left));
            }
        }
        request.getResourceSpansList().forEach(this::note);
        return request.build();
    }

    private static ResourceSpans plain(List<Span> spans) {
        return ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(text("service.name", "plain")))
                .addScopeSpans(ScopeSpans.newBuilder()
                        .setScope(InstrumentationScope.newBuilder().setName("plain"))
                        .addAllSpans(spans))
                .build();
    }

    /** Takes away some of the spans, and gives them a resource and scopes. */
    private ResourceSpans some(List<Span> left) {
        ResourceSpans.Builder resource = ResourceSpans.newBuilder().setSchemaUrl(oneIn(3) ? "https://schema/1" : "");
        if (!oneIn(10)) {
            resource.setResource(Resource.newBuilder()
                    .addAttributes(text("service.name", oneOf(TEXTS)))
                    .addAllAttributes(oneIn(2) ? attributes(2) : List.of()));
        }
        for (int scopes = random.nextInt(1, 3); scopes > 0 && !left.isEmpty(); scopes--) {
            List<Span> taken = left.subList(0, Math.min(left.size(), random.nextInt(1, 12)));
            ScopeSpans.Builder scope = ScopeSpans.newBuilder().addAllSpans(taken);
            if (!oneIn(10)) {
                scope.setScope(InstrumentationScope.newBuilder()
                        .setName("lib-" + scopes)
                        .addAllAttributes(attributes(1)));
            }
            resource.addScopeSpans(scope);
            taken.clear();
        }
        return resource.build();
    }

    private void note(ResourceSpans resource) {
        for (ScopeSpans scope : resource.getScopeSpansList()) {
            for (Span span : scope.getSpansList()) {
                sent.put(number(span), new Sent(resource.getResource(), scope, span));
            }
        }
    }

    static long number(Span span) {
        return span.getSpanId().asReadOnlyByteBuffer().getLong();
    }

    /** By its id, each span that was sent. */
    Map<Long, Sent> sent() {
        return sent;
    }

    /** By the id of each span, the id of its trace. */
    Map<Long, ByteString> traceOf() {
        return traceOf;
    }

    /** All that was sent of a trace, for people. */
    String describe(ByteString trace) {
        return sent.values().stream()
                .filter(s -> s.span.getTraceId().equals(trace))
                .map(s -> "resource " + s.resource + " span " + s.span)
                .collect(Collectors.joining("\n---\n", "trace\n", "\n"));
    }

    /** The traces of which a span has an attribute with this text. */
    Set<ByteString> with(String key, String value) {
        return sent.values().stream()
                .map(Sent::span)
                .filter(s -> s.getAttributesList().contains(text(key, value)))
                .map(Span::getTraceId)
                .collect(Collectors.toSet());
    }
}
