package weir.gateway.sampling;

import java.io.IOException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import weir.pipeline.ComponentContext;
import weir.telemetry.Counter;

/**
 * What a sampler before this one left: in its journal, or without one in a file of what it had decided.
 *
 * @param file where to write what was decided; null with a journal, which has it
 * @param failure why the journal could not be opened
 * @param seed of all hashes
 */
record Past(
        @Nullable DecisionFile file,
        DecisionFile.@Nullable Content decisions,
        @Nullable TraceJournal journal,
        @Nullable JournalReplay replay,
        @Nullable IOException failure,
        long seed) {

    /** Of a sampler that knows nothing of others. */
    static Past none(long seed) {
        return new Past(null, null, null, null, null, seed);
    }

    static Past of(ComponentContext context, TailSamplingConfig config) {
        TailSamplingConfig.JournalConfig to = config.weir().journal();
        return to == null ? of(DecisionFile.of(context)) : of(context, config, to);
    }

    private static Past of(DecisionFile file) {
        DecisionFile.Content before = file.read();
        long seed = before == null ? new SecureRandom().nextLong() : before.seed();
        return new Past(file, before, null, null, null, seed);
    }

    private static Past of(ComponentContext context, TailSamplingConfig config, TailSamplingConfig.JournalConfig to) {
        TraceJournal journal = null;
        try {
            journal = TraceJournal.open(context, config, to);
            JournalReplay replay = JournalReplay.of(journal);
            return new Past(null, null, journal, replay, null, replay.seed());
        } catch (IOException e) {
            if (journal != null) {
                journal.close();
            }
            return new Past(null, null, null, null, e, 0);
        }
    }

    /** A shard's part of the journal. */
    ShardJournal journalOf(int shard, Counter unnoted) {
        return journal == null || replay == null
                ? ShardJournal.OFF
                : new ShardJournal(journal, replay.life(), shard, seed, unnoted);
    }
}
