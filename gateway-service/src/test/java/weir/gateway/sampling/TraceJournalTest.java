package weir.gateway.sampling;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.testing.ManualTimer;
import weir.testing.Requests;
import weir.testing.TestContexts;

class TraceJournalTest {
    @TempDir
    private Path directory;

    private ComponentContext context() {
        return TestContexts.of(
                "processor",
                "tail_sampling/a",
                Signal.TRACES,
                new ManualTimer(),
                TestContexts.process(directory.resolve("data")));
    }

    private static double held(ComponentContext context) {
        return context.metrics().value("weir_journal_held_records", "component", "tail_sampling/a", "signal", "traces");
    }

    private static TraceJournal open(ComponentContext context) throws IOException {
        TailSamplingConfig config =
                Configs.of(Configs.status("errors", "ERROR")).journal(64).config();
        return TraceJournal.open(context, config, requireNonNull(config.weir().journal()));
    }

    private static long takenIn(TraceJournal journal) {
        long id = journal.append(Requests.traces("x", 1), (_, _) -> {});
        journal.takenIn(id);
        return id;
    }

    /** A shard that needed nothing when it was asked may need what came a moment later. */
    @Test
    void release_requestThatComesWhileShardsAreAsked_isKept() throws Exception {
        ComponentContext context = context();
        List<Long> came = new ArrayList<>();
        try (TraceJournal journal = open(context)) {
            journal.watch(() -> {
                if (came.isEmpty()) {
                    came.add(takenIn(journal));
                }
                return TraceJournal.NO_RECORD;
            });

            journal.release();

            assertThat(came).hasSize(1);
            assertThat(held(context)).isEqualTo(1);
            journal.release();
            assertThat(held(context)).as("nobody needs it").isZero();
        }
    }

    @Test
    void release_onlyWhatIsOlderThanAnyShardNeeds() throws Exception {
        ComponentContext context = context();
        long[] needed = {TraceJournal.NO_RECORD};
        try (TraceJournal journal = open(context)) {
            journal.watch(() -> TraceJournal.NO_RECORD);
            journal.watch(() -> needed[0]);
            takenIn(journal);
            needed[0] = takenIn(journal);
            takenIn(journal);
            journal.append(Requests.traces("open", 1), (_, _) -> {});

            journal.release();
            assertThat(held(context)).isEqualTo(3);

            needed[0] = TraceJournal.NO_RECORD;
            journal.release();
            assertThat(held(context)).as("that which no shard has taken in").isEqualTo(1);
        }
    }
}
