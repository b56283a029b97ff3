package weir.ottl.context;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.ottl.context.OneItem.access;
import static weir.ottl.context.OneItem.attribute;
import static weir.ottl.context.OneItem.batch;
import static weir.ottl.context.OneItem.show;
import static weir.ottl.context.OneItem.walk;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.provider.Arguments;
import weir.otlp.Batch;
import weir.ottl.Access;
import weir.ottl.Value;

/** What one path reads, what is written to it, and what the item then is. */
record PathRow(ItemContext context, String path, Object item, String reads, Value written, Object after) {
    static <T> Arguments row(
            ItemContext context, String path, T item, String reads, Value written, UnaryOperator<T> change) {
        return Arguments.argumentSet(
                context.name() + "." + path, new PathRow(context, path, item, reads, written, change.apply(item)));
    }

    /** Reads, writes and reads again. */
    void check() throws Exception {
        Access<Item> access = access(context, path);
        Value read = new Value();

        Batch changed = walk(context, batch(item), item -> {
            access.get(item, read);
            assertThat(show(read)).isEqualTo(reads);
            access.set(item, written);
            access.get(item, read);
        });

        assertThat(OneItem.item(changed)).isEqualTo(after);
        if (!reads.equals("nil") || !after.equals(item)) {
            assertThat(show(read)).as("read again").isEqualTo(show(written));
        }
    }

    static Value string(String text) {
        return new Value().set(text);
    }

    static Value integer(long n) {
        return new Value().set(n);
    }

    static Value number(double n) {
        return new Value().set(n);
    }

    static Value time(long nanos) {
        return new Value().setTime(nanos, ZoneOffset.UTC);
    }

    static Value bytes(String hex) {
        byte[] b = HexFormat.of().parseHex(hex);
        return new Value().set(Value.Kind.BYTES, b, 0, b.length);
    }

    /** A map of one entry: m is 5. */
    static Value map() {
        byte[] b =
                KeyValueList.newBuilder().addValues(attribute("m", 5)).build().toByteArray();
        return new Value().set(Value.Kind.MAP, b, 0, b.length);
    }

    static Value list(Object... elements) {
        var list = ArrayValue.newBuilder();
        for (Object element : elements) {
            list.addValues(
                    element instanceof Long n
                            ? AnyValue.newBuilder().setIntValue(n)
                            : AnyValue.newBuilder().setDoubleValue((Double) element));
        }
        byte[] b = list.build().toByteArray();
        return new Value().set(Value.Kind.LIST, b, 0, b.length);
    }
}
