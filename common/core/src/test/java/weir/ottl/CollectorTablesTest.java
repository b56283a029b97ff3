package weir.ottl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What values and statements come to, beside what the collector made of the same ones: its answers are in the tables. */
class CollectorTablesTest {
    static Stream<Arguments> values() throws IOException {
        return rows("values.txt");
    }

    static Stream<Arguments> converters() throws IOException {
        return rows("converters.txt");
    }

    static Stream<Arguments> xml() throws IOException {
        return rows("xml.txt");
    }

    static Stream<Arguments> statements() throws IOException {
        return rows("statements.txt");
    }

    private static Stream<Arguments> rows(String table) throws IOException {
        try (InputStream in = Objects.requireNonNull(CollectorTablesTest.class.getResourceAsStream(table))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("#") && !line.isBlank())
                            .map(line -> line.split(line.contains(" !=> ") ? " !=> " : " => ", 2))
                            .map(row -> Arguments.of(row[0], row[1]))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest
    @MethodSource({"values", "converters", "xml"})
    void values(String expression, String expected) {
        SampleItem item = SampleItem.withValues();
        String given = change(item, "set(attributes[\"r\"], " + expression + ")");
        assertThat(given.isEmpty() ? item.shown().getOrDefault("r", "none") : given)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource
    void statements(String statement, String expected) {
        SampleItem item = SampleItem.withValues();
        Map<String, String> before = item.shown();
        String body = SampleItem.show(item.body);
        String given = change(item, statement);
        if (!given.isEmpty()) {
            assertThat(given).isEqualTo(expected);
            return;
        }
        List<String> changes = new ArrayList<>();
        item.shown().forEach((k, v) -> {
            if (!v.equals(before.get(k))) {
                changes.add(k + ": " + v);
            }
        });
        before.keySet().stream().filter(k -> !item.shown().containsKey(k)).forEach(k -> changes.add("-" + k));
        if (!SampleItem.show(item.body).equals(body)) {
            changes.add("body: " + SampleItem.show(item.body));
        }
        assertThat(changes.isEmpty() ? "unchanged" : String.join(" ; ", changes))
                .isEqualTo(expected);
    }

    /** Gives {@code refused} if it does not load, else nothing. */
    private static String change(SampleItem item, String statement) {
        try {
            Statements.compile(List.of(statement), SampleContext.LOG, ErrorMode.SILENT, SampleContext.ENVIRONMENT)
                    .execute(item);
            return "";
        } catch (StatementException e) {
            return "refused";
        }
    }
}
