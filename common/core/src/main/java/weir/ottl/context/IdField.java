package weir.ottl.context;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.Access;
import weir.ottl.OttlException;
import weir.ottl.Value;

/**
 * A trace or span id, as bytes or as hexadecimal text; one that is not there is all zeros.
 *
 * @param length 16 or 8
 */
record IdField(Place place, int field, int length, boolean asText) implements Access<Item> {
    /** Of a span. */
    static final IdField PARENT = new IdField(Place.MESSAGE, 4, 8, false);

    private static final byte[] ZEROS = new byte[16];
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    @Override
    public void get(Item item, Value into) {
        MessageEdit message = place.of(item);
        int entry = message.find(field << 3 | Wire.BYTES);
        boolean there = entry != MessageEdit.ABSENT && message.end(entry) - message.from(entry) == length;
        byte[] b = there ? message.bytes(entry) : ZEROS;
        int from = there ? message.from(entry) : 0;
        if (!asText) {
            into.set(Value.Kind.BYTES, b, from, from + length);
            return;
        }
        Output text = into.begin();
        for (int i = from; i < from + length; i++) {
            text.put(DIGITS, b[i] >> 4 & 15, (b[i] >> 4 & 15) + 1).put(DIGITS, b[i] & 15, (b[i] & 15) + 1);
        }
        into.finish(Value.Kind.STRING);
    }

    @Override
    public void set(Item item, Value value) {
        if (!asText) {
            Expected.kind(value, Value.Kind.BYTES);
            if (value.length() != length) {
                throw new OttlException("an id of " + length + " bytes is needed, not of " + value.length());
            }
            place.of(item).setBytes(field, value.bytes(), value.from(), value.end());
            return;
        }
        Expected.kind(value, Value.Kind.STRING);
        String text = value.length() == 2 * length ? value.text() : "";
        if (text.length() != 2 * length || !text.chars().allMatch(HexFormat::isHexDigit)) {
            throw new OttlException((length == 16 ? "trace" : "span") + " ids are " + 2 * length + " hex characters");
        }
        place.of(item).setBytes(field, HexFormat.of().parseHex(text), 0, length);
    }
}
