package weir.gateway.prometheus;

import java.util.HexFormat;
import weir.otlp.FieldCursor;

/**
 * A measurement that stands for others in its bucket.
 *
 * @param value what was measured
 * @param text as OpenMetrics shows it behind a sample, from the blank before {@code #} on
 */
record Exemplar(double value, byte[] text) {
    static Exemplar read(FieldCursor fields, byte[] b, int from, int to) {
        double value = 0;
        long timeNanos = 0;
        String traceId = "";
        String spanId = "";
        fields.reset(b, from, to);
        while (fields.next()) {
            switch (fields.field()) {
                case 2 -> timeNanos = fields.number();
                case 3 -> value = Double.longBitsToDouble(fields.number());
                case 4 -> spanId = HexFormat.of().formatHex(b, fields.from(), fields.end());
                case 5 -> traceId = HexFormat.of().formatHex(b, fields.from(), fields.end());
                case 6 -> value = (double) fields.number();
                default -> {}
            }
        }
        TextBuffer text = new TextBuffer(128).put(" # {");
        if (!spanId.isEmpty()) {
            text.put("span_id=").quoted(spanId);
        }
        if (!traceId.isEmpty()) {
            text.put(spanId.isEmpty() ? "trace_id=" : ",trace_id=").quoted(traceId);
        }
        text.put("} ").number(value, true);
        if (timeNanos > 0) {
            text.put(' ').number(seconds(timeNanos), true);
        }
        return new Exemplar(value, text.toByteArray());
    }

    /** Not the nanoseconds divided: so many of them have no exact double. */
    private static double seconds(long nanos) {
        long whole = nanos / 1_000_000_000;
        return whole + nanos % 1_000_000_000 / 1e9;
    }
}
