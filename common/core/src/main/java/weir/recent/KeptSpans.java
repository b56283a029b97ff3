package weir.recent;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import weir.otlp.AnyValueText;
import weir.otlp.Batch;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.MalformedOtlpException;
import weir.otlp.ResourceView;
import weir.otlp.SpanView;
import weir.otlp.TraceIndex;
import weir.otlp.ValueRange;

/** Reads the spans of one trace out of requests. */
final class KeptSpans {
    private static final List<String> KINDS =
            List.of("unspecified", "internal", "server", "client", "producer", "consumer");
    private static final List<String> STATUSES = List.of("unset", "ok", "error");

    private final List<KeptSpan> spans = new ArrayList<>();
    private final SpanView span = new SpanView();
    private final ResourceView above = new ResourceView();
    private final ValueRange text = new ValueRange();
    private final long high;
    private final long low;
    private final int limit;

    /** @param limit how many to read at the most */
    KeptSpans(long high, long low, int limit) {
        this.high = high;
        this.low = low;
        this.limit = limit;
    }

    KeptSpans read(Batch batch) {
        TraceIndex index = new TraceIndex();
        try {
            index.index(batch.bytes(), batch.offset(), batch.length());
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("a request that was checked at the door is malformed", e);
        }
        for (int i = 0; i < index.spans() && spans.size() < limit; i++) {
            if (index.traceIdHigh(i) == high && index.traceIdLow(i) == low) {
                spans.add(span(index, i));
            }
        }
        return this;
    }

    /** By their start. */
    List<KeptSpan> sorted() {
        spans.sort(Comparator.comparingLong(KeptSpan::startUnixNanos));
        return List.copyOf(spans);
    }

    private KeptSpan span(TraceIndex index, int i) {
        byte[] b = index.bytes();
        span.reset(index, i);
        int scope = index.scopeOf(i);
        int resource = index.resourceOf(scope);
        above.reset(b, index.resourceFrom(resource), index.resourceEnd(resource));
        Map<String, String> ofResource =
                AnyValueText.attributes(b, above.headFrom(), above.headEnd(), Fields.RESOURCE_ATTRIBUTES);
        above.reset(b, index.scopeFrom(scope), index.scopeEnd(scope));
        return new KeptSpan(
                HexFormat.of().toHexDigits(index.traceIdHigh(i))
                        + HexFormat.of().toHexDigits(index.traceIdLow(i)),
                hex(span.spanId()),
                hex(span.parentSpanId()),
                ofResource.getOrDefault("service.name", ""),
                span.name().text(),
                span.kind() < 0 || span.kind() >= KINDS.size() ? KINDS.getFirst() : KINDS.get(span.kind()),
                STATUSES.get(Math.min(index.flags(i) & TraceIndex.STATUS_MASK, 2)),
                span.statusMessage().text(),
                above.scopeName(text).text(),
                index.startNanos(i),
                Math.max(0, index.endNanos(i) - index.startNanos(i)),
                AnyValueText.attributes(b, span.from(), span.end(), Fields.SPAN_ATTRIBUTES),
                ofResource,
                events());
    }

    private List<KeptSpan.Event> events() {
        List<KeptSpan.Event> events = new ArrayList<>();
        FieldCursor fields = new FieldCursor().reset(span.bytes(), span.from(), span.end());
        while (fields.next()) {
            if (fields.isBytes(Fields.SPAN_EVENTS)) {
                events.add(event(fields.bytes(), fields.from(), fields.end()));
            }
        }
        return events;
    }

    private KeptSpan.Event event(byte[] b, int from, int end) {
        long time = 0;
        text.set(b, from, from);
        FieldCursor fields = new FieldCursor().reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(Fields.EVENT_NAME)) {
                text.set(b, fields.from(), fields.end());
            } else if (fields.field() == 1) {
                time = fields.number();
            }
        }
        return new KeptSpan.Event(text.text(), time, AnyValueText.attributes(b, from, end, Fields.EVENT_ATTRIBUTES));
    }

    private static String hex(ValueRange id) {
        return HexFormat.of().formatHex(id.bytes(), id.from(), id.end());
    }
}
