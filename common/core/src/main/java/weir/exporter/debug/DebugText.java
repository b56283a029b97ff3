package weir.exporter.debug;

import java.util.List;
import java.util.stream.Collectors;
import weir.otlp.AnyValueText;
import weir.otlp.Batch;
import weir.otlp.Signal;

/** Batches as text, in the shapes of the collector's debug exporter. */
final class DebugText {
    /** Of one batch; what is beyond is cut off, and said to be. */
    static final int MAX_CHARS = 1 << 20;

    private final StringBuilder out = new StringBuilder(1024);

    private DebugText() {}

    /** One line: what it is and how much. */
    static String counts(Batch batch) {
        List<Message> resources = Message.of(batch).messages(1);
        return switch (batch.signal()) {
            case TRACES -> "Traces {\"resource spans\": " + resources.size() + ", \"spans\": " + batch.items() + "}";
            case METRICS ->
                "Metrics {\"resource metrics\": " + resources.size() + ", \"metrics\": " + metrics(resources)
                        + ", \"data points\": " + batch.items() + "}";
            case LOGS -> "Logs {\"resource logs\": " + resources.size() + ", \"log records\": " + batch.items() + "}";
        };
    }

    private static int metrics(List<Message> resources) {
        return resources.stream()
                .flatMap(r -> r.messages(2).stream())
                .mapToInt(s -> s.messages(2).size())
                .sum();
    }

    /** A line per resource, scope and item. */
    static String normal(Batch batch) {
        DebugText text = new DebugText();
        String kind = switch (batch.signal()) {
            case TRACES -> "Traces";
            case METRICS -> "Metrics";
            case LOGS -> "Log";
        };
        List<Message> resources = Message.of(batch).messages(1);
        for (int r = 0; r < resources.size() && text.hasRoom(); r++) {
            Message resource = resources.get(r);
            text.line("Resource" + kind + " #" + r + schema(resource) + attributes(resource.message(1), 1));
            List<Message> scopes = resource.messages(2);
            for (int s = 0; s < scopes.size(); s++) {
                Message scope = scopes.get(s).message(1);
                String version = scope.text(2).isEmpty() ? "" : "@" + scope.text(2);
                String name = scope.text(1).isEmpty() ? "" : " " + scope.text(1) + version;
                text.line("Scope" + kind + " #" + s + name + schema(scopes.get(s)) + attributes(scope, 3));
                for (Message item : scopes.get(s).messages(2)) {
                    if (text.hasRoom()) {
                        text.item(batch.signal(), item);
                    }
                }
            }
        }
        return text.cut();
    }

    private void item(Signal signal, Message item) {
        switch (signal) {
            case TRACES -> line(item.text(5) + " " + item.hex(1) + " " + item.hex(2) + attributes(item, 9));
            case METRICS -> MetricLines.of(item).forEach(this::line);
            case LOGS -> {
                Message body = item.message(5);
                line(AnyValueText.of(body.bytes(), body.from(), body.end()) + attributes(item, 6));
            }
        }
    }

    static String detailed(Batch batch) {
        DebugText text = new DebugText();
        DetailedText detail = new DetailedText(text.out);
        List<Message> resources = Message.of(batch).messages(1);
        for (int r = 0; r < resources.size() && text.hasRoom(); r++) {
            detail.resource(batch.signal(), r, resources.get(r), text::hasRoom);
        }
        return text.cut();
    }

    private boolean hasRoom() {
        return out.length() < MAX_CHARS;
    }

    private void line(String line) {
        out.append(line).append('\n');
    }

    private String cut() {
        if (out.length() >= MAX_CHARS) {
            out.setLength(MAX_CHARS);
            out.append("\n... the rest is cut off");
        }
        return out.toString().stripTrailing();
    }

    private static String schema(Message message) {
        String schema = message.text(3);
        return schema.isEmpty() ? "" : " [" + schema + "]";
    }

    private static String attributes(Message message, int field) {
        return AnyValueText.attributes(message.bytes(), message.from(), message.end(), field).entrySet().stream()
                .map(a -> " " + a.getKey() + "=" + a.getValue())
                .collect(Collectors.joining());
    }
}
