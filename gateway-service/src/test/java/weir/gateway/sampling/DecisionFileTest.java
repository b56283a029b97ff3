package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.sampling.Configs.always;
import static weir.gateway.sampling.Configs.status;
import static weir.gateway.sampling.Spans.error;
import static weir.gateway.sampling.Spans.span;

import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.gateway.sampling.DecisionFile.Content;
import weir.pipeline.Reason;

class DecisionFileTest {
    private static final Content CONTENT =
            new Content(42, List.of("errors", "Größe"), List.of(new long[] {1, -1, 3}, new long[0]));

    @TempDir
    Path directory;

    private DecisionFile file() {
        return new DecisionFile(directory.resolve("decisions").resolve("one"), System.getLogger("test"));
    }

    private Path only() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("decisions"))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    @Test
    void read_whatWasWritten_isTheSame() throws IOException {
        file().write(new Content(1, List.of(), List.of()));
        file().write(CONTENT);

        Content read = Objects.requireNonNull(file().read());

        assertThat(read.seed()).isEqualTo(42);
        assertThat(read.policies()).isEqualTo(CONTENT.policies());
        assertThat(read.shards()).containsExactly(new long[] {1, -1, 3}, new long[0]);
        assertThat(only()).as("no file is left beside it").hasFileName("one");
    }

    @Test
    void read_noFile_isNothing() {
        assertThat(file().read()).isNull();
    }

    @Test
    void read_anyBitFlipped_isNothing() throws IOException {
        file().write(CONTENT);
        byte[] good = Files.readAllBytes(only());
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(only(), bad);
            assertThat(file().read()).as("bit %d flipped", bit).isNull();
        }
    }

    @Test
    void read_truncatedOrLonger_isNothing() throws IOException {
        file().write(CONTENT);
        byte[] good = Files.readAllBytes(only());
        for (int length = 0; length < good.length; length++) {
            Files.write(only(), Arrays.copyOf(good, length));
            assertThat(file().read()).as("%d bytes", length).isNull();
        }
        Files.write(only(), Arrays.copyOf(good, good.length + 1));
        assertThat(file().read()).isNull();
    }

    @Test
    void write_noFolderPossible_leavesThingsAsTheyAre() throws IOException {
        Files.writeString(directory.resolve("decisions"), "in the way");
        file().write(CONTENT);
        assertThat(directory.resolve("decisions")).hasContent("in the way");
    }

    @Test
    void restart_lateSpans_shareTheFateOfTheirTrace() throws InterruptedException {
        Configs configs = Configs.of(always("first"), status("errors", "ERROR")).shards(3);
        Configs errors = Configs.of(status("errors", "ERROR")).shards(3);
        Sampler before = new Sampler(errors, directory);
        before.processor.consume(Spans.batch(span(1, 1), error(2, 2)), before.deliveries::add);
        assertThat(before.stop()).containsExactly(2L);

        Sampler after = new Sampler(configs, directory);
        after.processor.consume(Spans.batch(error(1, 11), span(2, 12), span(3, 13)), after.deliveries::add);

        assertThat(after.stop()).containsExactly(12L, 13L);
        assertThat(after.context.ledger().droppedItems(Reason.NOT_SAMPLED)).isEqualTo(1);
        Span late = after.kept().stream()
                .filter(s -> Sampler.number(s) == 12)
                .findFirst()
                .orElseThrow();
        assertThat(Sampler.attribute(late, "tailsampling.policy")).isEqualTo("errors");
        assertThat(Sampler.attribute(late, "tailsampling.trigger")).isEqualTo("late_span");
    }

    @Test
    void restart_thePolicyIsGone_itsTracesAreKeptAllTheSame() throws InterruptedException {
        Sampler before = new Sampler(Configs.of(always("all")), directory);
        before.processor.consume(Spans.batch(span(1, 1)), before.deliveries::add);
        before.stop();

        Sampler after = new Sampler(Configs.of(status("errors", "ERROR")), directory);
        after.processor.consume(Spans.batch(span(1, 11), span(2, 12)), after.deliveries::add);

        assertThat(after.stop()).containsExactly(11L);
        assertThat(Sampler.attribute(after.kept().getFirst(), "tailsampling.policy"))
                .isNull();
    }

    @Test
    void restart_droppedWhilePending_staysDropped() throws InterruptedException {
        Configs configs = Configs.of(always("all")).dropPending();
        Sampler before = new Sampler(configs, directory);
        before.processor.consume(Spans.batch(span(1, 1)), before.deliveries::add);
        assertThat(before.stop()).isEmpty();

        Sampler after = new Sampler(Configs.of(always("all")), directory);
        after.processor.consume(Spans.batch(span(1, 11)), after.deliveries::add);

        assertThat(after.stop()).isEmpty();
    }

    @Test
    void restart_otherNumberOfShards_beginsAnew() throws InterruptedException {
        Sampler before = new Sampler(Configs.of(status("errors", "ERROR")), directory);
        before.processor.consume(Spans.batch(span(1, 1)), before.deliveries::add);
        before.stop();

        Sampler after = new Sampler(Configs.of(always("all")).shards(2), directory);
        after.processor.consume(Spans.batch(span(1, 11)), after.deliveries::add);

        assertThat(after.stop()).containsExactly(11L);
    }
}
