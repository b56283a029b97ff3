package weir.exporter.debug;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import weir.otlp.Batch;
import weir.otlp.FieldCursor;
import weir.otlp.Wire;

/** A protobuf message to be read at leisure: every question walks it again. Only for text; its bytes were checked before. */
record Message(byte[] bytes, int from, int end) {
    static Message of(Batch batch) {
        return new Message(batch.bytes(), batch.offset(), batch.end());
    }

    List<Message> messages(int field) {
        List<Message> found = new ArrayList<>();
        FieldCursor fields = fields();
        while (fields.next()) {
            if (fields.isBytes(field)) {
                found.add(new Message(bytes, fields.from(), fields.end()));
            }
        }
        return found;
    }

    /** The last message of a field, an empty one if there is none. */
    Message message(int field) {
        List<Message> found = messages(field);
        return found.isEmpty() ? new Message(bytes, end, end) : found.getLast();
    }

    boolean has(int field) {
        FieldCursor fields = fields();
        while (fields.next()) {
            if (fields.field() == field) {
                return true;
            }
        }
        return false;
    }

    /** The value of a number, a double as its bits; 0 if there is none. */
    long number(int field) {
        long number = 0;
        FieldCursor fields = fields();
        while (fields.next()) {
            if (fields.field() == field && !fields.isBytes(field)) {
                number = fields.number();
            }
        }
        return number;
    }

    double real(int field) {
        return Double.longBitsToDouble(number(field));
    }

    String text(int field) {
        Message text = message(field);
        return new String(bytes, text.from, text.end - text.from, StandardCharsets.UTF_8);
    }

    String hex(int field) {
        Message id = message(field);
        return HexFormat.of().formatHex(bytes, id.from, id.end);
    }

    /** Numbers of eight bytes, packed or not. */
    List<Long> fixed64s(int field) {
        List<Long> numbers = new ArrayList<>();
        FieldCursor fields = fields();
        while (fields.next()) {
            if (fields.isBytes(field)) {
                for (int at = fields.from(); at < fields.end(); at += 8) {
                    numbers.add(Wire.fixed64(bytes, at));
                }
            } else if (fields.field() == field) {
                numbers.add(fields.number());
            }
        }
        return numbers;
    }

    private FieldCursor fields() {
        return new FieldCursor().reset(bytes, from, end);
    }
}
