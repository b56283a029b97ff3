package weir.ottl.context;

import java.nio.charset.StandardCharsets;
import java.util.List;
import weir.otlp.Wire;
import weir.ottl.Access;
import weir.ottl.OttlException;
import weir.ottl.Value;

/** A span's kind as text. */
final class SpanKind implements Access<Item> {
    private static final int FIELD = 6;

    private final byte[][] names;

    /** @param names by number */
    private SpanKind(List<String> names) {
        this.names = names.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    /** {@code Server}. */
    static SpanKind asWord() {
        return new SpanKind(List.of("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"));
    }

    /** {@code SPAN_KIND_SERVER}. */
    static SpanKind asConstant() {
        return new SpanKind(List.of(
                "SPAN_KIND_UNSPECIFIED",
                "SPAN_KIND_INTERNAL",
                "SPAN_KIND_SERVER",
                "SPAN_KIND_CLIENT",
                "SPAN_KIND_PRODUCER",
                "SPAN_KIND_CONSUMER"));
    }

    @Override
    public void get(Item item, Value into) {
        int kind = (int) item.message().number(FIELD << 3 | Wire.VARINT);
        byte[] name = kind >= 0 && kind < names.length ? names[kind] : new byte[0];
        into.set(Value.Kind.STRING, name, 0, name.length);
    }

    @Override
    public void set(Item item, Value value) {
        Expected.kind(value, Value.Kind.STRING);
        for (int kind = 0; kind < names.length; kind++) {
            if (value.isText(names[kind])) {
                item.message().setVarint(FIELD, kind);
                return;
            }
        }
        throw new OttlException("there is no such span kind");
    }
}
