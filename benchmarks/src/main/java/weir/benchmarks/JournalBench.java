package weir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import weir.journal.DirectoryVolume;
import weir.journal.Journal;
import weir.journal.JournalOptions;
import weir.journal.Sync;

/**
 * What it costs to append records to a journal in the working directory, and to release them: per record of 350 bytes, and
 * per span of a request of 512 in one record. Both wait when the disk cannot keep up. {@code recover} reads back 256 MiB.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class JournalBench {
    private static final int RECORD = 350;

    /** A journal that is written to. */
    @State(Scope.Thread)
    public static class Appending {
        @Param({"NONE", "INTERVAL"})
        private Sync sync = Sync.NONE;

        private final byte[] request = SampleRequests.traces().toByteArray();
        private final long[] ids = new long[64];
        private int at;
        private Path directory = Path.of("");
        private @Nullable Journal journal;

        @Setup
        public void open() throws IOException {
            directory = Files.createTempDirectory(Path.of(""), "journal-bench");
            journal = Journal.open(
                    DirectoryVolume.open(directory, Duration.ZERO),
                    JournalOptions.of("bench", 1 << 30, sync, Duration.ofSeconds(1)));
        }

        @TearDown
        public void close() throws IOException {
            opened().close();
            delete(directory);
        }

        private Journal opened() {
            return Objects.requireNonNull(journal);
        }

        long append(int length) {
            Journal to = opened();
            long id = to.append(1, request, 0, length, null);
            while (id < 0) {
                Thread.onSpinWait();
                id = to.append(1, request, 0, length, null);
            }
            if (ids[at] > 0) {
                to.release(ids[at]);
            }
            ids[at] = id;
            at = (at + 1) % ids.length;
            return id;
        }
    }

    /** A journal that is full of records. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Full {
        private static final long BYTES = 256L << 20;

        /** Records read back. */
        public long records;

        private Path directory = Path.of("");

        @Setup(Level.Trial)
        public void fill() throws IOException {
            directory = Files.createTempDirectory(Path.of(""), "journal-bench");
            byte[] record = new byte[RECORD];
            try (Journal journal = open()) {
                for (long bytes = 0; bytes < BYTES; bytes += RECORD) {
                    while (journal.append(1, record, 0, RECORD, null) < 0) {
                        Thread.onSpinWait();
                    }
                }
            }
        }

        @TearDown(Level.Trial)
        public void empty() throws IOException {
            delete(directory);
        }

        Journal open() throws IOException {
            return Journal.open(
                    DirectoryVolume.open(directory, Duration.ZERO),
                    JournalOptions.of("bench", 1 << 30, Sync.NONE, Duration.ZERO));
        }
    }

    @Benchmark
    public long record(Appending to) {
        return to.append(RECORD);
    }

    @Benchmark
    @OperationsPerInvocation(SampleRequests.SPANS)
    public long span(Appending to) {
        return to.append(to.request.length);
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 2)
    @Measurement(iterations = 5)
    public long recover(Full full) throws IOException {
        long[] bytes = new long[1];
        try (Journal journal = full.open()) {
            journal.replay((id, type, payload, offset, length) -> {
                bytes[0] += length;
                full.records++;
            });
        }
        return bytes[0];
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
