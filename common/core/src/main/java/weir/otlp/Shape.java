package weir.otlp;

import org.jspecify.annotations.Nullable;

/**
 * The part of the OTLP schema that a check needs: for each message, which fields hold messages of which shape. A message is
 * well-formed if its fields and those of the messages inside are; fields that the schema does not name, or that come with
 * another wire type than it says, are skipped as protobuf does.
 *
 * <p>Source: opentelemetry-proto 1.9, packages trace, metrics, logs, resource and common.
 */
final class Shape {
    static final Shape ANY_VALUE = new Shape(0);
    static final Shape ARRAY_VALUE = new Shape(0);
    static final Shape KEY_VALUE = new Shape(0);
    static final Shape KEY_VALUE_LIST = new Shape(0);
    static final Shape SCOPE = new Shape(0);
    static final Shape RESOURCE = new Shape(0);
    static final Shape EVENT = new Shape(0);
    static final Shape LINK = new Shape(0);
    static final Shape STATUS = new Shape(0);
    static final Shape LOG_RECORD = new Shape(1);
    static final Shape METRIC = new Shape(0);
    static final Shape NUMBER_DATA = new Shape(0);
    static final Shape HISTOGRAM_DATA = new Shape(0);
    static final Shape EXPONENTIAL_DATA = new Shape(0);
    static final Shape SUMMARY_DATA = new Shape(0);
    static final Shape NUMBER_POINT = new Shape(1);
    static final Shape HISTOGRAM_POINT = new Shape(1);
    static final Shape EXPONENTIAL_POINT = new Shape(1);
    static final Shape BUCKETS = new Shape(0);
    static final Shape SUMMARY_POINT = new Shape(1);
    static final Shape QUANTILE = new Shape(0);
    static final Shape EXEMPLAR = new Shape(0);
    static final Shape ENTITY_REF = new Shape(0);
    static final Shape SPAN = new Shape(1);
    static final Shape SCOPE_SPANS = new Shape(0);
    static final Shape SCOPE_METRICS = new Shape(0);
    static final Shape SCOPE_LOGS = new Shape(0);
    static final Shape RESOURCE_SPANS = new Shape(0);
    static final Shape RESOURCE_METRICS = new Shape(0);
    static final Shape RESOURCE_LOGS = new Shape(0);

    /** The requests of the export calls. */
    static final Shape TRACES = new Shape(0);

    static final Shape METRICS = new Shape(0);
    static final Shape LOGS = new Shape(0);

    /** How deep messages and groups may nest in a request, which itself is at 0: where protobuf's own parsers stop too. */
    static final int MAX_DEPTH = 100;

    private static final int TEXT = -1;
    private static final int TRACE_ID = -2;
    private static final int SPAN_ID = -3;
    private static final int PACKED_FIXED64 = -4;
    private static final int PACKED_VARINT = -5;

    private static final int FIELDS = 16;

    /** Per field number: the shape of the message that it holds. */
    private final @Nullable Shape[] messages = new Shape[FIELDS];

    /** Per field number: one of the numbers above, or 0 for nothing to look into. */
    private final int[] contents = new int[FIELDS];

    /** 1 for what a request's items are (spans, data points, log records), 0 for all else. */
    private final int item;

    /** Whether items lie somewhere inside. */
    private boolean holdsItems;

    private Shape(int item) {
        this.item = item;
    }

    // Messages that hold items come after those that lie in them.
    static {
        ANY_VALUE.fields(1, TEXT, 5, ARRAY_VALUE, 6, KEY_VALUE_LIST);
        ARRAY_VALUE.fields(1, ANY_VALUE);
        KEY_VALUE.fields(1, TEXT, 2, ANY_VALUE);
        KEY_VALUE_LIST.fields(1, KEY_VALUE);
        SCOPE.fields(1, TEXT, 2, TEXT, 3, KEY_VALUE);
        ENTITY_REF.fields(1, TEXT, 2, TEXT, 3, TEXT, 4, TEXT);
        RESOURCE.fields(1, KEY_VALUE, 3, ENTITY_REF);
        EVENT.fields(2, TEXT, 3, KEY_VALUE);
        LINK.fields(1, TRACE_ID, 2, SPAN_ID, 3, TEXT, 4, KEY_VALUE);
        STATUS.fields(2, TEXT);
        LOG_RECORD.fields(3, TEXT, 5, ANY_VALUE, 6, KEY_VALUE, 9, TRACE_ID, 10, SPAN_ID, 12, TEXT);
        NUMBER_DATA.fields(1, NUMBER_POINT);
        HISTOGRAM_DATA.fields(1, HISTOGRAM_POINT);
        EXPONENTIAL_DATA.fields(1, EXPONENTIAL_POINT);
        SUMMARY_DATA.fields(1, SUMMARY_POINT);
        METRIC.fields(1, TEXT, 2, TEXT, 3, TEXT, 12, KEY_VALUE);
        METRIC.fields(5, NUMBER_DATA, 7, NUMBER_DATA, 9, HISTOGRAM_DATA, 10, EXPONENTIAL_DATA, 11, SUMMARY_DATA);
        NUMBER_POINT.fields(5, EXEMPLAR, 7, KEY_VALUE);
        HISTOGRAM_POINT.fields(6, PACKED_FIXED64, 7, PACKED_FIXED64, 8, EXEMPLAR, 9, KEY_VALUE);
        EXPONENTIAL_POINT.fields(1, KEY_VALUE, 8, BUCKETS, 9, BUCKETS, 11, EXEMPLAR);
        BUCKETS.fields(2, PACKED_VARINT);
        SUMMARY_POINT.fields(6, QUANTILE, 7, KEY_VALUE);
        EXEMPLAR.fields(4, SPAN_ID, 5, TRACE_ID, 7, KEY_VALUE);
        SPAN.fields(1, TRACE_ID, 2, SPAN_ID, 3, TEXT, 4, SPAN_ID, 5, TEXT);
        SPAN.fields(9, KEY_VALUE, 11, EVENT, 13, LINK, 15, STATUS);
        SCOPE_SPANS.fields(1, SCOPE, 2, SPAN, 3, TEXT);
        SCOPE_METRICS.fields(1, SCOPE, 2, METRIC, 3, TEXT);
        SCOPE_LOGS.fields(1, SCOPE, 2, LOG_RECORD, 3, TEXT);
        RESOURCE_SPANS.fields(1, RESOURCE, 2, SCOPE_SPANS, 3, TEXT);
        RESOURCE_METRICS.fields(1, RESOURCE, 2, SCOPE_METRICS, 3, TEXT);
        RESOURCE_LOGS.fields(1, RESOURCE, 2, SCOPE_LOGS, 3, TEXT);
        TRACES.fields(1, RESOURCE_SPANS);
        METRICS.fields(1, RESOURCE_METRICS);
        LOGS.fields(1, RESOURCE_LOGS);
    }

    private void fields(Object... numbersAndKinds) {
        for (int i = 0; i < numbersAndKinds.length; i += 2) {
            int field = (Integer) numbersAndKinds[i];
            switch (numbersAndKinds[i + 1]) {
                case Shape shape -> {
                    messages[field] = shape;
                    holdsItems |= shape.item == 1 || shape.holdsItems;
                }
                case Integer content -> contents[field] = content;
                default -> throw new IllegalArgumentException();
            }
        }
    }

    /** The shape of a signal's export request. */
    static Shape of(Signal signal) {
        return switch (signal) {
            case TRACES -> TRACES;
            case METRICS -> METRICS;
            case LOGS -> LOGS;
        };
    }

    /**
     * Checks one message.
     *
     * @param from where its fields begin
     * @param end where they end, exclusive
     * @param depth how deep it lies; see {@link #MAX_DEPTH}
     * @return how many spans, data points or log records lie in it, itself not counted
     */
    int check(byte[] b, int from, int end, int depth) throws MalformedOtlpException {
        if (depth > MAX_DEPTH) {
            throw new MalformedOtlpException("messages nested deeper than " + MAX_DEPTH, from);
        }
        int items = 0;
        int at = from;
        while (at < end) {
            int tag = b[at];
            int after = at + 1;
            if (tag < 8) {
                after = Wire.afterVarint(b, at, end);
                tag = Wire.tag(b, at, after);
            }
            int field = tag >>> 3;
            if ((tag & 7) != Wire.BYTES || field >= FIELDS) {
                at = Wire.skip(b, after, end, tag, MAX_DEPTH - depth);
                continue;
            }
            int value = after + 1;
            int size = after < end ? b[after] : -1;
            if (size < 0 || size > end - value) {
                value = Wire.afterVarint(b, after, end);
                size = Wire.length(b, after, value, end);
            }
            at = value + size;
            Shape message = messages[field];
            if (message == KEY_VALUE) {
                keyValue(b, value, at, depth + 1);
            } else if (message != null) {
                items += message.item + message.check(b, value, at, depth + 1);
            } else if (contents[field] != 0) {
                checkBytes(contents[field], b, value, at);
            }
        }
        return items;
    }

    /** How many spans, data points or log records lie in a message that was checked; nothing else is looked into. */
    int count(byte[] b, int from, int end) throws MalformedOtlpException {
        int items = 0;
        int at = from;
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            at = Wire.skip(b, after, end, tag, MAX_DEPTH);
            int field = tag >>> 3;
            Shape message = (tag & 7) == Wire.BYTES && field < FIELDS ? messages[field] : null;
            if (message != null && message.item == 1) {
                items++;
            } else if (message != null && message.holdsItems) {
                items += message.count(b, Wire.afterVarint(b, after, end), at);
            }
        }
        return items;
    }

    /**
     * Checks a KeyValue. Most of what is checked are these, and nearly all are written alike (key, then value, each of less
     * than 128 bytes), so that form is checked without a loop over fields.
     */
    static void keyValue(byte[] b, int from, int end, int depth) throws MalformedOtlpException {
        if (end - from >= 4 && b[from] == (1 << 3 | Wire.BYTES) && depth < MAX_DEPTH) {
            int key = from + 2;
            int keyEnd = key + b[from + 1];
            int value = keyEnd + 2;
            if (keyEnd >= key && value <= end && b[keyEnd] == (2 << 3 | Wire.BYTES) && b[keyEnd + 1] == end - value) {
                Utf8.check(b, key, keyEnd);
                anyValue(b, value, end, depth + 1);
                return;
            }
        }
        KEY_VALUE.check(b, from, end, depth);
    }

    private static void anyValue(byte[] b, int from, int end, int depth) throws MalformedOtlpException {
        int length = end - from;
        switch (length < 2 ? 0 : b[from]) {
            case 1 << 3 | Wire.BYTES -> {
                if (b[from + 1] == length - 2) {
                    Utf8.check(b, from + 2, end);
                    return;
                }
            }
            case 2 << 3 | Wire.VARINT, 3 << 3 | Wire.VARINT -> {
                if (Wire.afterVarint(b, from + 1, end) == end) {
                    return;
                }
            }
            case 4 << 3 | Wire.FIXED64 -> {
                if (length == 9) {
                    return;
                }
            }
            default -> {}
        }
        ANY_VALUE.check(b, from, end, depth);
    }

    private static void checkBytes(int kind, byte[] b, int from, int end) throws MalformedOtlpException {
        int length = end - from;
        switch (kind) {
            case TEXT -> Utf8.check(b, from, end);
            case TRACE_ID -> checkId(length, 16, from);
            case SPAN_ID -> checkId(length, 8, from);
            case PACKED_VARINT -> {
                for (int at = from; at < end; ) {
                    at = Wire.afterVarint(b, at, end);
                }
            }
            default -> {
                if (length % 8 != 0) {
                    throw new MalformedOtlpException("packed numbers of 8 bytes in " + length, from);
                }
            }
        }
    }

    /** OTLP lets an id be absent, which is what an empty one is. */
    static void checkId(int length, int expected, int at) throws MalformedOtlpException {
        if (length != expected && length != 0) {
            throw new MalformedOtlpException("an id of " + length + " bytes, not " + expected, at);
        }
    }
}
