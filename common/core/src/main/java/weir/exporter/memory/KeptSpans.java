package weir.exporter.memory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import weir.otlp.AnyValueText;
import weir.otlp.Batch;
import weir.otlp.FieldCursor;
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;

/** Reads the spans of one trace out of requests. */
final class KeptSpans {
    private static final List<String> KINDS =
            List.of("unspecified", "internal", "server", "client", "producer", "consumer");
    private static final List<String> STATUSES = List.of("unset", "ok", "error");

    private final List<KeptSpan> spans = new ArrayList<>();
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

    private static KeptSpan span(TraceIndex index, int i) {
        byte[] b = index.bytes();
        String spanId = "";
        String parent = "";
        String name = "";
        String message = "";
        int kind = 0;
        List<KeptSpan.Event> events = new ArrayList<>();
        FieldCursor fields = new FieldCursor().reset(b, index.spanFrom(i), index.spanEnd(i));
        while (fields.next()) {
            switch (fields.field()) {
                case 2 -> spanId = hex(fields);
                case 4 -> parent = hex(fields);
                case 5 -> name = text(fields);
                case 6 -> kind = (int) fields.number();
                case 11 -> events.add(event(b, fields.from(), fields.end()));
                case 15 -> message = textOf(b, fields.from(), fields.end(), 2);
                default -> {}
            }
        }
        int scope = index.scopeOf(i);
        int resource = index.resourceOf(scope);
        Map<String, String> ofResource = within(b, index.resourceFrom(resource), index.resourceEnd(resource));
        return new KeptSpan(
                HexFormat.of().toHexDigits(index.traceIdHigh(i))
                        + HexFormat.of().toHexDigits(index.traceIdLow(i)),
                spanId,
                parent,
                ofResource.getOrDefault("service.name", ""),
                name,
                kind < 0 || kind >= KINDS.size() ? KINDS.getFirst() : KINDS.get(kind),
                STATUSES.get(Math.min(index.flags(i) & TraceIndex.STATUS_MASK, 2)),
                message,
                scopeName(b, index.scopeFrom(scope), index.scopeEnd(scope)),
                index.startNanos(i),
                Math.max(0, index.endNanos(i) - index.startNanos(i)),
                AnyValueText.attributes(b, index.spanFrom(i), index.spanEnd(i), 9),
                ofResource,
                events);
    }

    /** The attributes of the Resource within a ResourceSpans. */
    private static Map<String, String> within(byte[] b, int from, int end) {
        FieldCursor fields = new FieldCursor().reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                return AnyValueText.attributes(b, fields.from(), fields.end(), 1);
            }
        }
        return Map.of();
    }

    private static String scopeName(byte[] b, int from, int end) {
        FieldCursor fields = new FieldCursor().reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                return textOf(b, fields.from(), fields.end(), 1);
            }
        }
        return "";
    }

    private static KeptSpan.Event event(byte[] b, int from, int end) {
        long time = 0;
        FieldCursor fields = new FieldCursor().reset(b, from, end);
        while (fields.next()) {
            if (fields.field() == 1) {
                time = fields.number();
            }
        }
        return new KeptSpan.Event(textOf(b, from, end, 2), time, AnyValueText.attributes(b, from, end, 3));
    }

    private static String textOf(byte[] b, int from, int end, int field) {
        String text = "";
        FieldCursor fields = new FieldCursor().reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(field)) {
                text = text(fields);
            }
        }
        return text;
    }

    private static String text(FieldCursor field) {
        return new String(field.bytes(), field.from(), field.end() - field.from(), StandardCharsets.UTF_8);
    }

    private static String hex(FieldCursor field) {
        return HexFormat.of().formatHex(field.bytes(), field.from(), field.end());
    }
}
