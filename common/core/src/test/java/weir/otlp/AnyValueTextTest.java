package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnyValueTextTest {
    /** What Go's strconv gives with the collector's rule for exponents. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "-1.5, -1.5",
        "0.1, 0.1",
        "100000000, 100000000",
        "1e20, 100000000000000000000",
        "1e21, 1e+21",
        "-1.25e22, -1.25e+22",
        "0.000001, 0.000001",
        "0.0000001, 1e-7",
        "1.5e-10, 1.5e-10",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "4.9e-324, 5e-324",
        "9007199254740993, 9007199254740992",
        "123456.789, 123456.789",
        "NaN, NaN",
        "-Infinity, -Infinity"
    })
    void number_isWrittenAsTheCollectorDoes(double value, String text) {
        assertThat(AnyValueText.number(value)).isEqualTo(text);
    }

    @Test
    void of_plainValues_isTheirText() {
        assertThat(text(AnyValue.newBuilder().setStringValue("<größe> \"x\""))).isEqualTo("<größe> \"x\"");
        assertThat(text(AnyValue.newBuilder().setBoolValue(true))).isEqualTo("true");
        assertThat(text(AnyValue.newBuilder().setIntValue(Long.MIN_VALUE))).isEqualTo("-9223372036854775808");
        assertThat(text(AnyValue.newBuilder().setBytesValue(ByteString.copyFromUtf8("hi?"))))
                .isEqualTo("aGk/");
        assertThat(text(AnyValue.newBuilder())).isEmpty();
    }

    @Test
    void of_mapsAndArrays_isJsonWithSortedKeysAndEscapes() {
        KeyValueList.Builder map = KeyValueList.newBuilder()
                .addValues(OtlpSamples.text("z", "<a&\"\\\n\u0001\u2028"))
                .addValues(OtlpSamples.integer("a", 1))
                .addValues(OtlpSamples.integer("a", 2))
                .addValues(KeyValue.newBuilder().setKey("empty"))
                .addValues(KeyValue.newBuilder()
                        .setKey("list")
                        .setValue(AnyValue.newBuilder()
                                .setArrayValue(ArrayValue.newBuilder()
                                        .addValues(AnyValue.newBuilder().setDoubleValue(1.5))
                                        .addValues(AnyValue.newBuilder().setBoolValue(false))
                                        .addValues(AnyValue.newBuilder().setBytesValue(ByteString.copyFromUtf8("a")))
                                        .addValues(AnyValue.newBuilder().setArrayValue(ArrayValue.getDefaultInstance()))
                                        .addValues(AnyValue.newBuilder()
                                                .setKvlistValue(KeyValueList.getDefaultInstance())))));

        assertThat(text(AnyValue.newBuilder().setKvlistValue(map)))
                .isEqualTo("{\"a\":2,\"empty\":null,\"list\":[1.5,false,\"YQ==\",[],{}],"
                        + "\"z\":\"\\u003ca\\u0026\\\"\\\\\\n\\u0001\\u2028\"}");
    }

    @Test
    void of_mapWithNotANumber_isEmpty() {
        assertThat(text(AnyValue.newBuilder()
                        .setKvlistValue(KeyValueList.newBuilder().addValues(OtlpSamples.number("x", Double.NaN)))))
                .isEmpty();
    }

    private static String text(AnyValue.Builder value) {
        byte[] b = value.build().toByteArray();
        return AnyValueText.of(b, 0, b.length);
    }
}
