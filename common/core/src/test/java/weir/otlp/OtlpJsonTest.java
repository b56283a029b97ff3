package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpJsonTest {
    private static final Pattern ID =
            Pattern.compile("\"(trace_?id|span_?id|parent_?span_?id)\":\\s*\"([^\"]*)\"", Pattern.CASE_INSENSITIVE);

    @ParameterizedTest
    @EnumSource
    void toProtobuf_whatProtobufPrints_isTheSameMessage(Signal signal) throws Exception {
        JsonFormat.Printer plain = JsonFormat.printer();
        List<JsonFormat.Printer> printers = List.of(
                plain,
                plain.preservingProtoFieldNames().omittingInsignificantWhitespace(),
                plain.printingEnumsAsInts(),
                plain.alwaysPrintFieldsWithNoPresence());
        for (int seed = 0; seed < 80; seed++) {
            Message message = RandomOtlp.parse(
                    signal, new RandomOtlp(seed).message(signal, false).toByteArray());
            String json = withHexIds(printers.get(seed % printers.size()).print(message));

            byte[] bytes = OtlpJson.toProtobuf(signal, utf8(json));

            assertThat(RandomOtlp.parse(signal, bytes)).as("seed " + seed).isEqualTo(message);
            OtlpCheck.check(signal, bytes, 0, bytes.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void toProtobuf_mutatedJson_isRefusedOrWellFormed(Signal signal) throws Exception {
        int accepted = 0;
        for (int seed = 0; seed < 30; seed++) {
            RandomOtlp random = new RandomOtlp(seed);
            Message message =
                    RandomOtlp.parse(signal, random.message(signal, false).toByteArray());
            byte[] json = utf8(withHexIds(JsonFormat.printer().print(message)));
            for (int i = 0; i < 30; i++) {
                byte[] mutated = random.mutate(json);
                try {
                    byte[] bytes = OtlpJson.toProtobuf(signal, mutated);
                    accepted++;
                    OtlpCheck.check(signal, bytes, 0, bytes.length);
                    RandomOtlp.parse(signal, bytes);
                } catch (MalformedOtlpException e) {
                    assertThat(e.getMessage()).as("seed " + seed).containsAnyOf(" at line ", "not JSON");
                }
            }
        }
        assertThat(accepted).isBetween(10, 890);
    }

    @Test
    void toProtobuf_spanWithNumbersOfAllForms_readsThem() throws Exception {
        Span span = span("""
                {"traceId": "5B8EFFF798038103D269B633813FC60C", "span_id": "eee19b7ec3c1b174", "parentSpanId": "",
                 "name": "größe 😀 \\u00e9", "kind": 2, "startTimeUnixNano": "18446744073709551615",
                 "endTimeUnixNano": 1544712661e9, "flags": 257, "droppedAttributesCount": "4294967295",
                 "unknown": {"deep": [1, {"x": null}]}, "events": null,
                 "status": {"code": "STATUS_CODE_ERROR", "message": null}}
                """);

        assertThat(HexFormat.of().formatHex(span.getTraceId().toByteArray()))
                .isEqualTo("5b8efff798038103d269b633813fc60c");
        assertThat(span.getSpanId().size()).isEqualTo(8);
        assertThat(span.getParentSpanId()).isEmpty();
        assertThat(span.getName()).isEqualTo("größe 😀 é");
        assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(span.getStartTimeUnixNano()).isEqualTo(-1);
        assertThat(span.getEndTimeUnixNano()).isEqualTo(1544712661000000000L);
        assertThat(span.getFlags()).isEqualTo(257);
        assertThat(span.getDroppedAttributesCount()).isEqualTo(-1);
        assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
    }

    @Test
    void toProtobuf_linkAndLogRecordAndExemplar_readHexIds() throws Exception {
        String ids = "\"traceId\": \"000102030405060708090a0b0c0d0e0f\", \"spanId\": \"0001020304050607\"";
        ByteString traceId = ByteString.copyFrom(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"));

        assertThat(span("{\"links\": [{" + ids + "}]}").getLinks(0).getTraceId())
                .isEqualTo(traceId);
        ExportLogsServiceRequest logs = ExportLogsServiceRequest.parseFrom(OtlpJson.toProtobuf(
                Signal.LOGS,
                utf8("{\"resourceLogs\": [{\"scopeLogs\": [{\"logRecords\": [{" + ids
                        + ", \"severityNumber\": \"SEVERITY_NUMBER_ERROR3\"}]}]}]}")));
        assertThat(logs.getResourceLogs(0).getScopeLogs(0).getLogRecords(0).getTraceId())
                .isEqualTo(traceId);
        assertThat(logs.getResourceLogs(0).getScopeLogs(0).getLogRecords(0).getSeverityNumber())
                .isEqualTo(SeverityNumber.SEVERITY_NUMBER_ERROR3);
        assertThat(point("{\"exemplars\": [{" + ids + "}]}").getExemplars(0).getTraceId())
                .isEqualTo(traceId);
    }

    @ParameterizedTest
    @CsvSource({
        "\"NaN\", NaN",
        "\"Infinity\", Infinity",
        "\"-Infinity\", -Infinity",
        "1.5e3, 1500",
        "\"2.5\", 2.5",
        "-0.0, -0.0",
        "7, 7"
    })
    void toProtobuf_double_readsEveryForm(String json, double value) throws Exception {
        assertThat(Double.compare(point("{\"asDouble\": " + json + "}").getAsDouble(), value))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "\"-9223372036854775808\", -9223372036854775808", "1.0, 1", "2e2, 200", "-3, -3"})
    void toProtobuf_integer_readsEveryForm(String json, long value) throws Exception {
        assertThat(point("{\"asInt\": " + json + "}").getAsInt()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aGk/_w==", "aGk__w", "aGk/_w"})
    void toProtobuf_bytes_readsBothAlphabets(String base64) throws Exception {
        assertThat(attribute("{\"bytesValue\": \"" + base64 + "\"}").getBytesValue())
                .isEqualTo(ByteString.copyFrom(Base64.getDecoder().decode("aGk//w==")));
    }

    @Test
    void toProtobuf_emptyAndZeroValues_stayValues() throws Exception {
        assertThat(attribute("{\"intValue\": \"0\"}").hasIntValue()).isTrue();
        assertThat(attribute("{\"stringValue\": \"\"}").hasStringValue()).isTrue();
        assertThat(attribute("{\"boolValue\": false}").hasBoolValue()).isTrue();
        assertThat(attribute("{\"arrayValue\": {}}").hasArrayValue()).isTrue();
        assertThat(attribute("{}").getValueCase()).isEqualTo(AnyValue.ValueCase.VALUE_NOT_SET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | expected an object but found nothing at line 1, column 0",
                "null | expected an object but found null at line 1, column 1",
                "[] | expected an object but found an array at line 1, column 1",
                "{\"resourceSpans\": {}} | expected an array but found an object for /resourceSpans at line 1, column 19",
                "{\"resourceSpans\": [null]} | expected an object but found null for /resourceSpans/0 at line 1, column 20",
                "{\"resourceSpans\": [{\"schemaUrl\": 5}]} | expected a text but found a number for /resourceSpans/0/schemaUrl at line 1, column 34",
                "{} {} | expected nothing after the request but found an object at line 1, column 4",
            })
    void toProtobuf_wrongShape_saysWhatAndWhere(String json, String message) {
        assertThatThrownBy(() -> OtlpJson.toProtobuf(Signal.TRACES, utf8(json)))
                .isInstanceOf(MalformedOtlpException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"traceId\": \"5b8e\"}",
                "{\"traceId\": \"zz8efff798038103d269b633813fc60c\"}",
                "{\"parentSpanId\": \"1\"}",
                "{\"kind\": \"SERVER\"}",
                "{\"kind\": 4294967296}",
                "{\"startTimeUnixNano\": -1}",
                "{\"startTimeUnixNano\": 18446744073709551616}",
                "{\"startTimeUnixNano\": 1.5}",
                "{\"startTimeUnixNano\": \"\"}",
                "{\"startTimeUnixNano\": 1e999999999}",
                "{\"startTimeUnixNano\": 1e-999999999}",
                "{\"flags\": 4294967296}",
                "{\"name\": {}}",
                "{\"name\": \"cut",
                "{\"attributes\": [{\"value\": {\"boolValue\": \"true\"}}]}",
                "{\"attributes\": [{\"value\": {\"bytesValue\": \"?\"}}]}",
                "{\"attributes\": [{\"value\": {\"doubleValue\": 1e999}}]}",
                "{\"attributes\": [{\"value\": {\"intValue\": 9223372036854775808}}]}",
            })
    void toProtobuf_wrongValue_isRefused(String span) {
        assertThatThrownBy(() -> span(span)).isInstanceOf(MalformedOtlpException.class);
    }

    @Test
    void toProtobuf_nestedTenThousandDeep_isRefused() {
        String known = "{\"value\":" + "{\"arrayValue\":{\"values\":[".repeat(10_000);
        String unknown = "{\"x\":" + "[".repeat(10_000);

        assertThatThrownBy(() -> span("{\"attributes\": [" + known))
                .isInstanceOf(MalformedOtlpException.class)
                .hasMessageContaining("nest");
        assertThatThrownBy(() -> span(unknown))
                .isInstanceOf(MalformedOtlpException.class)
                .hasMessageContaining("nest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000002000000020ffffffff", "20000000200000000000ffff", "007b007d", "efbbbf7b7d"})
    void toProtobuf_anotherEncodingOrAMarkOfOne_isRefused(String hex) {
        assertThatThrownBy(
                        () -> OtlpJson.toProtobuf(Signal.TRACES, HexFormat.of().parseHex(hex)))
                .isInstanceOf(MalformedOtlpException.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    void toProtobuf_partOfAnArray_readsOnlyThat() throws Exception {
        byte[] json = utf8("xx{\"resourceSpans\":[]}yy");

        assertThat(OtlpJson.toProtobuf(Signal.TRACES, json, 2, json.length - 4)).isEmpty();
    }

    private static Span span(String json) throws Exception {
        return ExportTraceServiceRequest.parseFrom(OtlpJson.toProtobuf(
                        Signal.TRACES, utf8("{\"resourceSpans\": [{\"scopeSpans\": [{\"spans\": [" + json + "]}]}]}")))
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpans(0);
    }

    private static AnyValue attribute(String value) throws Exception {
        return span("{\"attributes\": [{\"key\": \"k\", \"value\": " + value + "}]}")
                .getAttributes(0)
                .getValue();
    }

    private static NumberDataPoint point(String json) throws Exception {
        return ExportMetricsServiceRequest.parseFrom(OtlpJson.toProtobuf(
                        Signal.METRICS,
                        utf8("{\"resourceMetrics\": [{\"scopeMetrics\": [{\"metrics\": [{\"gauge\": {\"dataPoints\": ["
                                + json + "]}}]}]}]}")))
                .getResourceMetrics(0)
                .getScopeMetrics(0)
                .getMetrics(0)
                .getGauge()
                .getDataPoints(0);
    }

    /** protobuf prints ids as base64, OTLP wants hexadecimal. */
    static String withHexIds(String json) {
        return ID.matcher(json)
                .replaceAll(id -> Matcher.quoteReplacement("\"" + id.group(1) + "\": \""
                        + HexFormat.of()
                                .formatHex(
                                        Base64.getDecoder().decode(id.group(2).replace("\\u003d", "=")))
                        + "\""));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
