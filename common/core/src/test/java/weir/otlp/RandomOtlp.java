package weir.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Requests with anything in them that the schema allows, and now and then fields that it does not name. */
public final class RandomOtlp {
    private static final List<String> WORDS = List.of(
            "",
            "a",
            "service.name",
            "checkout",
            "größe",
            "日本語のテキスト",
            "😀 emoji",
            "GET /api/v1/items/{id}",
            "a text that is longer than one hundred and twenty seven bytes so that its length takes a varint of two bytes; it"
                    + " also reaches across several words of eight bytes");

    final SplittableRandom random;

    public RandomOtlp(long seed) {
        random = new SplittableRandom(seed);
    }

    /** A request that protobuf's own classes parsed from {@link #bytes}. */
    public static Message parse(Signal signal, byte[] bytes) throws InvalidProtocolBufferException {
        return switch (signal) {
            case TRACES -> ExportTraceServiceRequest.parseFrom(bytes);
            case METRICS -> ExportMetricsServiceRequest.parseFrom(bytes);
            case LOGS -> ExportLogsServiceRequest.parseFrom(bytes);
        };
    }

    public byte[] bytes(Signal signal) {
        return message(signal, true).toByteArray();
    }

    /** @param unknown whether there may be fields that the schema does not name */
    Message message(Signal signal, boolean unknown) {
        Descriptor descriptor = switch (signal) {
            case TRACES -> ExportTraceServiceRequest.getDescriptor();
            case METRICS -> ExportMetricsServiceRequest.getDescriptor();
            case LOGS -> ExportLogsServiceRequest.getDescriptor();
        };
        return message(descriptor, 0, unknown);
    }

    private Message message(Descriptor type, int depth, boolean unknown) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        for (FieldDescriptor field : type.getFields()) {
            if (field.isRepeated()) {
                int count = depth > 8 ? 0 : random.nextInt(depth < 3 ? 4 : 3);
                for (int i = 0; i < count; i++) {
                    message.addRepeatedField(field, value(field, depth, unknown));
                }
            } else if (random.nextInt(4) != 0 && !(depth > 8 && field.getType() == FieldDescriptor.Type.MESSAGE)) {
                message.setField(field, value(field, depth, unknown));
            }
        }
        if (unknown && random.nextInt(16) == 0) {
            message.setUnknownFields(unknown());
        }
        return message.build();
    }

    private UnknownFieldSet unknown() {
        UnknownFieldSet.Field group = UnknownFieldSet.Field.newBuilder()
                .addGroup(UnknownFieldSet.newBuilder()
                        .addField(
                                1,
                                UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                        .build())
                .build();
        UnknownFieldSet.Field many = UnknownFieldSet.Field.newBuilder()
                .addVarint(random.nextLong())
                .addFixed32(random.nextInt())
                .addFixed64(random.nextLong())
                .addLengthDelimited(ByteString.copyFromUtf8(word()))
                .build();
        return UnknownFieldSet.newBuilder()
                .addField(2000, group)
                .addField(900 + random.nextInt(1000), many)
                .build();
    }

    private Object value(FieldDescriptor field, int depth, boolean unknown) {
        return switch (field.getJavaType()) {
            case INT -> random.nextInt() >>> random.nextInt(32);
            case LONG -> random.nextLong() >>> random.nextInt(64);
            case FLOAT -> (float) random.nextDouble();
            case DOUBLE -> random.nextInt(8) == 0 ? Double.NaN : random.nextDouble() * 1e6;
            case BOOLEAN -> random.nextBoolean();
            case STRING -> word();
            case ENUM ->
                field.getEnumType()
                        .findValueByNumberCreatingIfUnknown(
                                random.nextInt(field.getEnumType().getValues().size() + 1));
            case BYTE_STRING ->
                switch (field.getName()) {
                    case "trace_id" -> raw(random.nextInt(10) == 0 ? 0 : 16);
                    case "span_id", "parent_span_id" -> raw(random.nextInt(10) == 0 ? 0 : 8);
                    default -> raw(random.nextInt(20));
                };
            case MESSAGE -> message(field.getMessageType(), depth + 1, unknown);
        };
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private ByteString raw(int size) {
        byte[] b = new byte[size];
        random.nextBytes(b);
        return ByteString.copyFrom(b);
    }

    /** The bytes with one to four things about them changed. */
    byte[] mutate(byte[] original) {
        byte[] b = original;
        for (int i = random.nextInt(4); i >= 0; i--) {
            b = b.length == 0 ? new byte[] {(byte) random.nextInt()} : mutateOnce(b);
        }
        return b;
    }

    private byte[] mutateOnce(byte[] original) {
        byte[] b = original.clone();
        int at = random.nextInt(b.length);
        switch (random.nextInt(6)) {
            case 0 -> b[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> b[at] = (byte) random.nextInt();
            case 2 -> b[at] += (byte) (random.nextInt(5) - 2);
            case 3 -> {
                return Arrays.copyOf(b, at);
            }
            case 4 -> {
                return cut(b, at, Math.min(b.length, at + 1 + random.nextInt(4)), new byte[0]);
            }
            default -> {
                byte[] more = new byte[1 + random.nextInt(6)];
                random.nextBytes(more);
                return cut(b, at, at, more);
            }
        }
        return b;
    }

    private static byte[] cut(byte[] b, int from, int to, byte[] instead) {
        byte[] out = new byte[b.length - (to - from) + instead.length];
        System.arraycopy(b, 0, out, 0, from);
        System.arraycopy(instead, 0, out, from, instead.length);
        System.arraycopy(b, to, out, from + instead.length, b.length - to);
        return out;
    }
}
