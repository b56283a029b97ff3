package weir.ottl.context;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A block of a table of what the collector answered: lines of statements, each behind the name of its context, and items in
 * OTLP's JSON.
 *
 * @param given items before
 * @param expected items after, as the collector has them
 * @param ofWeir items after, if Weir differs on purpose
 * @param refused whether the statements do not load
 */
record CollectorCase(
        String context,
        List<String> statements,
        List<String> given,
        List<String> expected,
        List<String> ofWeir,
        boolean refused) {
    /** All blocks of a table beside this class but its head. */
    static Stream<CollectorCase> all(String table) throws IOException {
        try (InputStream in = requireNonNull(CollectorCase.class.getResourceAsStream(table))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return Arrays.stream(text.split("\n\n+")).skip(1).map(CollectorCase::of);
        }
    }

    private static CollectorCase of(String block) {
        String context = block.substring(0, block.indexOf(": "));
        return new CollectorCase(
                context,
                values(block, context),
                values(block, "in"),
                values(block, "out"),
                values(block, "weir"),
                block.endsWith("refused"));
    }

    private static List<String> values(String block, String key) {
        return block.lines()
                .filter(line -> line.startsWith(key + ": "))
                .map(line -> line.substring(key.length() + 2))
                .toList();
    }

    @Override
    public String toString() {
        return String.join("; ", statements);
    }
}
