package weir.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** OTLP's JSON as protobuf's own classes read it: ids in base64. */
final class Base64Ids {
    private static final Set<String> IDS =
            Set.of("traceId", "trace_id", "spanId", "span_id", "parentSpanId", "parent_span_id");
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Base64Ids() {}

    /**
     * Empty where a name comes twice in an object: there the last holds for protobuf, and Weir merges as protobuf does of bytes. And
     * where a name has bytes 0xff, which are no UTF-8: the parser knows short names that it has seen by such bytes before them, and
     * takes one for the other, whatever else it read before.
     */
    static Optional<String> of(byte[] json) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonParser parser = JSON.createParser(json);
                JsonGenerator generator = JSON.createGenerator(out)) {
            String name = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    name = parser.currentName();
                }
                boolean id = token == JsonToken.VALUE_STRING
                        && IDS.contains(name)
                        && parser.getParsingContext().inObject();
                if (id) {
                    generator.writeString(base64(parser.getText()));
                } else if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
                    generator.writeNumber(parser.getText());
                } else {
                    generator.copyCurrentEvent(parser);
                }
            }
        } catch (JsonParseException e) {
            String what = e.getOriginalMessage();
            if (what.startsWith("Duplicate field") || what.equals("Invalid UTF-8 start byte 0xff")) {
                return Optional.empty();
            }
            throw e;
        }
        return Optional.of(out.toString());
    }

    private static String base64(String hex) {
        try {
            return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException _) {
            // Of an object that is left out: any will do.
            return hex;
        }
    }
}
