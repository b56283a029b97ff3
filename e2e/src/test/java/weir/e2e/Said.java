package weir.e2e;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a message says, as text: two that say the same have the same, though one writes out what the other leaves to be understood
 * (a status that is unset, an empty parent), and attributes come in another order.
 */
final class Said {
    private final StringBuilder out = new StringBuilder();

    private Said() {}

    static String by(Message message) {
        Said said = new Said();
        said.message(message, "");
        return said.out.toString();
    }

    private void message(Message message, String indent) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.isRepeated()) {
                repeated(field, (List<?>) message.getField(field), indent);
            } else if (isSaid(message, field)) {
                field(field, message.getField(field), indent);
            }
        }
    }

    /** Attributes and other entries of maps say the same in any order. */
    private void repeated(FieldDescriptor field, List<?> values, String indent) {
        Stream<String> said = values.stream().map(value -> {
            Said one = new Said();
            one.field(field, value, indent);
            return one.out.toString();
        });
        boolean entries = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && field.getMessageType().equals(KeyValue.getDescriptor());
        (entries ? said.sorted() : said).forEach(out::append);
    }

    private static boolean isSaid(Message message, FieldDescriptor field) {
        if (!field.hasPresence()) {
            return !message.getField(field).equals(field.getDefaultValue());
        }
        boolean chosen = field.getContainingOneof() != null;
        return message.hasField(field)
                && (chosen
                        || !(message.getField(field) instanceof Message inner)
                        || !Said.by(inner).isEmpty());
    }

    private void field(FieldDescriptor field, Object value, String indent) {
        out.append(indent).append(field.getName());
        switch (value) {
            case Message inner -> {
                out.append('\n');
                message(inner, indent + "  ");
            }
            case EnumValueDescriptor constant ->
                out.append(": ").append(constant.getNumber()).append('\n');
            case ByteString bytes ->
                out.append(": ")
                        .append(HexFormat.of().formatHex(bytes.toByteArray()))
                        .append('\n');
            default -> out.append(": ").append(value).append('\n');
        }
    }
}
