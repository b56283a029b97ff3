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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real collector and Weir with the same file of many routing connectors, given the same random spans, log records and data
 * points: the same must reach each pipeline, field by field. {@code -Drouting.seed=N} sends others.
 *
 * <p>Where Weir differs on purpose, beside what is looked at here: the collector forgets a metric's metadata when its data
 * points are told apart; a request that goes whole to one place keeps resources and scopes that hold nothing; and what Weir
 * refuses in a file (a context that the signal does not have) never matches there.
 */
@Tag("peers")
class RoutingBesideCollectorTest {
    private static final long SEED = Long.getLong("routing.seed", 20261122);

    /** A pipeline that a connector leads to. */
    private record End(String connector, String signal, String name) {}

    @TempDir
    Path directory;

    @Test
    void bothLeadTheSameToEachPipeline() throws Exception {
        String connectors = connectors();
        List<End> ends = ends(connectors);
        assertThat(ends).hasSizeGreaterThan(35);
        Path file = Files.writeString(directory.resolve("both.yaml"), file(connectors, ends));
        BesideCollector both = new BesideCollector(directory, file, SEED);

        Map<String, List<String>> collector = both.passedOn("otelcol");
        Map<String, List<String>> weir = both.passedOn("weir");

        List<String> different = new ArrayList<>();
        for (End end : ends) {
            List<String> expected = collector.getOrDefault(end.name(), List.of());
            List<String> actual = weir.getOrDefault(end.name(), List.of());
            List<String> missing = BesideCollector.minus(expected, actual);
            List<String> more = BesideCollector.minus(actual, expected);
            System.out.printf(
                    "%s: %d items, %d and %d different%n", end.name(), expected.size(), missing.size(), more.size());
            if (expected.isEmpty() || !missing.isEmpty() || !more.isEmpty()) {
                different.add(end.name() + "\nonly the collector: " + BesideCollector.some(missing) + "\nonly Weir: "
                        + BesideCollector.some(more));
            }
        }
        assertThat(different).as("seed " + SEED).isEmpty();
    }

    private static String connectors() throws IOException {
        try (InputStream in = RoutingBesideCollectorTest.class.getResourceAsStream("routing-shapes.yaml")) {
            return new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Each connector leads to pipelines that are named after it: traces/t_resource-shop. */
    private static List<End> ends(String connectors) {
        return Pattern.compile("(traces|logs|metrics)/((\\w+)-\\w+)")
                .matcher(connectors)
                .results()
                .map(RoutingBesideCollectorTest::end)
                .distinct()
                .toList();
    }

    private static End end(MatchResult found) {
        return new End("routing/" + found.group(3), found.group(1), found.group(2));
    }

    private static String file(String connectors, List<End> ends) {
        StringBuilder pipelines = new StringBuilder();
        ends.stream().map(e -> e.signal() + " " + e.connector()).distinct().forEach(e -> {
            String signal = e.split(" ")[0];
            String connector = e.split(" ")[1];
            pipelines.append("    %s/%s: {receivers: [otlp], exporters: [%s]}%n"
                    .formatted(signal, connector.replace('/', '_'), connector));
        });
        ends.forEach(e -> pipelines.append("    %s/%s: {receivers: [%s], exporters: [otlphttp/%s]}%n"
                .formatted(e.signal(), e.name(), e.connector(), e.name())));
        return BesideCollector.file(ends.stream().map(End::name).toList(), connectors, pipelines.toString());
    }
}
