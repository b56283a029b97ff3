package weir.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.load.Ports;

/** A real Jaeger, which keeps traces in memory. */
final class Jaeger extends Program {
    private final int otlpPort;
    private final int queryPort;

    private Jaeger(Path directory, int[] ports) {
        super(
                "jaeger",
                directory,
                command(ports),
                Map.of("SPAN_STORAGE_TYPE", "memory", "OTEL_TRACES_SAMPLER", "always_off"));
        otlpPort = ports[0];
        queryPort = ports[1];
    }

    static Jaeger start(Path directory) {
        Jaeger jaeger = new Jaeger(directory, Ports.free(12));
        Await.until(
                "jaeger answering",
                Duration.ofSeconds(30),
                () -> !jaeger.get("/api/services").isMissingNode(),
                jaeger::stderr);
        return jaeger;
    }

    private static List<String> command(int[] ports) {
        List<String> command = new ArrayList<>(List.of(Peers.path("jaeger"), "--memory.max-traces=100000"));
        String[] listeners = {
            "collector.otlp.grpc",
            "query.http-server",
            "query.grpc-server",
            "collector.otlp.http",
            "collector.grpc-server",
            "collector.http-server",
            "admin.http",
            "http-server"
        };
        for (int i = 0; i < listeners.length; i++) {
            command.add("--" + listeners[i] + ".host-port=127.0.0.1:" + ports[i]);
        }
        String[] processors = {"jaeger-binary", "jaeger-compact", "zipkin-compact"};
        for (int i = 0; i < processors.length; i++) {
            command.add("--processor." + processors[i] + ".server-host-port=127.0.0.1:" + ports[listeners.length + i]);
        }
        return command;
    }

    int otlpPort() {
        return otlpPort;
    }

    private JsonNode get(String path) throws Exception {
        return new ObjectMapper()
                .readTree(Scrape.get("http://127.0.0.1:" + queryPort + path))
                .path("data");
    }

    /** All traces that it holds: trace id in hex to how many different spans; a repeated request shows a span twice. */
    Map<String, Integer> traces() throws Exception {
        Map<String, Integer> traces = new HashMap<>();
        for (JsonNode service : get("/api/services")) {
            for (JsonNode trace : get("/api/traces?limit=100000&lookback=1h&service=" + service.asText())) {
                Set<String> spans = new HashSet<>();
                trace.path("spans")
                        .forEach(span -> spans.add(span.path("spanID").asText()));
                traces.put(trace.path("traceID").asText(), spans.size());
            }
        }
        return traces;
    }

    /** The tags of every span of one trace: name to value. */
    List<Map<String, String>> tags(String traceId) throws Exception {
        List<Map<String, String>> all = new ArrayList<>();
        for (JsonNode span : get("/api/traces/" + traceId).path(0).path("spans")) {
            Map<String, String> tags = new HashMap<>();
            span.path("tags")
                    .forEach(tag ->
                            tags.put(tag.path("key").asText(), tag.path("value").asText()));
            all.add(tags);
        }
        return all;
    }
}
