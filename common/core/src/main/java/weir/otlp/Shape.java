package weir.otlp;

import org.jspecify.annotations.Nullable;

/**
 * The part of the OTLP schema that a check needs: for each message, which fields hold messages of which shape. A message is
 * well-formed if its fields and those of the messages inside are; fields that the schema does not name, or that come with
 * another wire type than it says, are skipped as protobuf does.
 *
 * <p>Source: opentelemetry-proto 1.11, packages trace, metrics, logs, resource and common.
 */
final class Shape {
    static final Shape ANY_VALUE = new Shape();
    static final Shape ARRAY_VALUE = new Shape();
    static final Shape KEY_VALUE = new Shape();
    static final Shape KEY_VALUE_LIST = new Shape();
    static final Shape SCOPE = new Shape();
    static final Shape RESOURCE = new Shape();
    static final Shape EVENT = new Shape();
    static final Shape LINK = new Shape();
    static final Shape STATUS = new Shape();
    static final Shape LOG_RECORD = new Shape();
    static final Shape METRIC = new Shape();
    static final Shape NUMBER_DATA = new Shape();
    static final Shape HISTOGRAM_DATA = new Shape();
    static final Shape EXPONENTIAL_DATA = new Shape();
    static final Shape SUMMARY_DATA = new Shape();
    static final Shape NUMBER_POINT = new Shape();
    static final Shape HISTOGRAM_POINT = new Shape();
    static final Shape EXPONENTIAL_POINT = new Shape();
    static final Shape BUCKETS = new Shape();
    static final Shape SUMMARY_POINT = new Shape();
    static final Shape QUANTILE = new Shape();
    static final Shape EXEMPLAR = new Shape();
    static final Shape ENTITY_REF = new Shape();

    /** How deep messages may nest, the request itself being 1. protobuf's own parsers stop at 100. */
    static final int MAX_DEPTH = 64;

    private static final int TEXT = -1;
    private static final int TRACE_ID = -2;
    private static final int SPAN_ID = -3;
    private static final int PACKED_FIXED64 = -4;

    private static final int FIELDS = 16;

    /** Per field number: the shape of the message that it holds. */
    private final @Nullable Shape[] messages = new Shape[FIELDS];

    /** Per field number: one of the numbers above, or 0 for nothing to look into. */
    private final int[] contents = new int[FIELDS];

    private Shape() {}

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
        METRIC.fields(1, TEXT, 2, TEXT, 3, TEXT, 12, KEY_VALUE);
        METRIC.fields(5, NUMBER_DATA, 7, NUMBER_DATA, 9, HISTOGRAM_DATA, 10, EXPONENTIAL_DATA, 11, SUMMARY_DATA);
        NUMBER_DATA.fields(1, NUMBER_POINT);
        HISTOGRAM_DATA.fields(1, HISTOGRAM_POINT);
        EXPONENTIAL_DATA.fields(1, EXPONENTIAL_POINT);
        SUMMARY_DATA.fields(1, SUMMARY_POINT);
        NUMBER_POINT.fields(5, EXEMPLAR, 7, KEY_VALUE);
        HISTOGRAM_POINT.fields(6, PACKED_FIXED64, 7, PACKED_FIXED64, 8, EXEMPLAR, 9, KEY_VALUE);
        EXPONENTIAL_POINT.fields(1, KEY_VALUE, 8, BUCKETS, 9, BUCKETS, 11, EXEMPLAR);
        SUMMARY_POINT.fields(6, QUANTILE, 7, KEY_VALUE);
        EXEMPLAR.fields(4, SPAN_ID, 5, TRACE_ID, 7, KEY_VALUE);
    }

    private void fields(Object... numbersAndKinds) {
        for (int i = 0; i < numbersAndKinds.length; i += 2) {
            int field = (Integer) numbersAndKinds[i];
            switch (numbersAndKinds[i + 1]) {
                case Shape shape -> messages[field] = shape;
                case Integer content -> contents[field] = content;
                default -> throw new IllegalArgumentException();
            }
        }
    }

    /**
     * Checks one message.
     *
     * @param from where its fields begin
     * @param end where they end, exclusive
     * @param depth how deep it lies; see {@link #MAX_DEPTH}
     */
    void check(byte[] b, int from, int end, int depth) throws MalformedOtlpException {
        if (depth > MAX_DEPTH) {
            throw new MalformedOtlpException("messages nested deeper than " + MAX_DEPTH, from);
        }
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
            int value = Wire.afterVarint(b, after, end);
            int stop = value + Wire.length(b, after, value, end);
            Shape message = messages[field];
            if (message != null) {
                message.check(b, value, stop, depth + 1);
            } else if (contents[field] != 0) {
                checkBytes(contents[field], b, value, stop);
            }
            at = stop;
        }
    }

    private static void checkBytes(int kind, byte[] b, int from, int end) throws MalformedOtlpException {
        int length = end - from;
        switch (kind) {
            case TEXT -> Utf8.check(b, from, end);
            case TRACE_ID -> checkId(length, 16, from);
            case SPAN_ID -> checkId(length, 8, from);
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
