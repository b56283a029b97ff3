package weir.gateway.sampling;

import weir.otlp.AnyValueText;
import weir.otlp.AttributeCursor;
import weir.otlp.Attributes;
import weir.otlp.Fields;
import weir.otlp.ResourceView;

/**
 * Looks up in the log what matched. To be used while a trace is decided, by who holds the shard's lock.
 *
 * @param firstError the name of the first span with status ERROR, empty if none was found
 */
record SpanTexts(TraceSummary trace, SpanLog log, ArrivalConditions conditions, String firstError)
        implements Reasons.Texts {
    private static final int MAX_CHARS = 80;

    @Override
    public String value(SamplingPolicy.SpanMatch match) {
        if (match.key().isEmpty()) {
            return "";
        }
        int position = conditions.find(log, trace, match.bit());
        return position == SpanLog.NOWHERE ? "" : value(log.bytesOf(position), log.offset(position), match);
    }

    /** The span's attribute or, if that is not what matches, its resource's. */
    private String value(byte[] segment, int record, SamplingPolicy.SpanMatch match) {
        byte[] key = Attributes.key(match.key());
        int from = record + SpanLog.SPAN_OVERHEAD;
        int end = from + SpanLog.spanLength(segment, record);
        AttributeCursor attributes = new AttributeCursor().reset(segment, from, end, Fields.SPAN_ATTRIBUTES);
        if (!conditions.meets(segment, record, match.bit()) || !attributes.find(key)) {
            int header = SpanLog.resource(segment, SpanLog.scope(segment, record));
            int begin = SpanLog.headerFrom(header);
            attributes = new ResourceView()
                    .reset(segment, begin, begin + SpanLog.headerLength(segment, header))
                    .resourceAttributes(attributes);
            if (!attributes.find(key)) {
                return "";
            }
        }
        String text = AnyValueText.of(attributes.value());
        return text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS) + "…";
    }
}
