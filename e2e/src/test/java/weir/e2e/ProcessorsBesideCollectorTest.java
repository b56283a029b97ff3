package weir.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.otlp.Signal;

/**
 * The real collector and Weir with the same file of many processors that look at each item by itself, given the same random
 * spans, log records and data points: the same must come out, field by field. {@code -Dprocessors.seed=N} sends others.
 */
@Tag("peers")
class ProcessorsBesideCollectorTest {
    private static final long SEED = Long.getLong("processors.seed", 20261121);
    private static final Map<String, Signal> SIGNALS =
            Map.of("t", Signal.TRACES, "l", Signal.LOGS, "m", Signal.METRICS);

    /** What the collector keeps by its own wish only loses a trace state that cannot be read. Weir leaves it as it is. */
    private static final Set<String> LOSE_BROKEN_STATES = Set.of("t_none", "t_hash_few");

    /** A processor that makes a pipeline of its own. */
    private record Shape(String type, Signal signal, String name) {
        String id() {
            return type + "/" + name;
        }

        String path() {
            return type + "-" + name;
        }
    }

    @TempDir
    Path directory;

    @Test
    void bothPassOnTheSame() throws Exception {
        String processors = processors();
        List<Shape> shapes = shapes(processors);
        assertThat(shapes).hasSizeGreaterThan(40);
        Path file = Files.writeString(directory.resolve("both.yaml"), file(processors, shapes));

        BesideCollector both = new BesideCollector(directory, file, SEED);
        Map<String, List<String>> collector = both.passedOn("otelcol");
        Map<String, List<String>> weir = both.passedOn("weir");

        List<String> different = new ArrayList<>();
        for (Shape shape : shapes) {
            List<String> expected = items(shape, collector);
            List<String> actual = items(shape, weir);
            List<String> missing = BesideCollector.minus(expected, actual);
            List<String> more = BesideCollector.minus(actual, expected);
            System.out.printf(
                    "%s: %d items, %d and %d different%n", shape.id(), expected.size(), missing.size(), more.size());
            if (!missing.isEmpty() || !more.isEmpty()) {
                different.add(shape.id() + "\nonly the collector: " + BesideCollector.some(missing) + "\nonly Weir: "
                        + BesideCollector.some(more));
            }
        }
        assertThat(different).as("seed " + SEED).isEmpty();
    }

    private static List<String> items(Shape shape, Map<String, List<String>> passedOn) {
        List<String> items = passedOn.getOrDefault(shape.path(), List.of());
        return LOSE_BROKEN_STATES.contains(shape.name())
                ? items.stream()
                        .map(item -> item.replaceAll("trace_state: \"[^\"]*\"", ""))
                        .toList()
                : items;
    }

    private static String processors() throws IOException {
        try (InputStream in = ProcessorsBesideCollectorTest.class.getResourceAsStream("processor-shapes.yaml")) {
            return new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<Shape> shapes(String processors) {
        return Pattern.compile("^  (\\w+)/(([tlm])_\\w+):", Pattern.MULTILINE)
                .matcher(processors)
                .results()
                .map(r -> new Shape(r.group(1), requireNonNull(SIGNALS.get(r.group(3))), r.group(2)))
                .toList();
    }

    private static String file(String processors, List<Shape> shapes) {
        StringBuilder pipelines = new StringBuilder();
        shapes.forEach(
                s -> pipelines.append("    %s/%s: {receivers: [otlp], processors: [%s], exporters: [otlphttp/%s]}%n"
                        .formatted(s.signal().label(), s.path(), s.id(), s.path())));
        return BesideCollector.file(shapes.stream().map(Shape::path).toList(), processors, pipelines.toString());
    }
}
