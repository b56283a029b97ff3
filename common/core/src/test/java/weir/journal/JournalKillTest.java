package weir.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.testing.Waiting;

/** A process with a journal is killed in the middle of its work. */
class JournalKillTest {
    @TempDir
    private Path directory;

    private final Set<Long> acknowledged = new HashSet<>();
    private final Set<Long> released = new HashSet<>();

    private Process begin(Sync sync, long number) throws IOException {
        Path java = Path.of(System.getProperty("java.home", ""), "bin", "java");
        return new ProcessBuilder(List.of(
                        java.toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        KilledWriter.class.getName(),
                        directory.toString(),
                        sync.name(),
                        Long.toString(number)))
                .redirectOutput(said().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Kills the process when it has said so many words, and takes in all that it said. */
    private void killAfter(Process process, int words) throws IOException, InterruptedException {
        Waiting.until(() -> Files.size(said()) >= words * (long) Long.BYTES);
        process.destroyForcibly().waitFor();
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(said()));
        while (all.remaining() >= Long.BYTES) {
            long word = all.getLong();
            (word >= 0 ? acknowledged : released).add(word >= 0 ? word : ~word);
        }
    }

    private Path said() {
        return directory.resolveSibling(directory.getFileName() + ".said");
    }

    @AfterEach
    void deleteWhatWasSaid() throws IOException {
        Files.deleteIfExists(said());
    }

    @ParameterizedTest
    @EnumSource(Sync.class)
    void kill_inMidWrite_losesNothingThatWasAcknowledged(Sync sync) throws IOException, InterruptedException {
        int[] words = {300, 4_000, 9_000};
        for (int life = 0; life < words.length; life++) {
            killAfter(begin(sync, life * 1_000_000L), words[life]);

            List<Long> found = new ArrayList<>();
            Journal journal = Journal.open(
                    DirectoryVolume.open(directory, Duration.ofSeconds(5)), KilledWriter.options(Sync.NONE));
            journal.replay((id, type, bytes, offset, length) -> {
                long number = ByteBuffer.wrap(bytes, offset, length).getLong();
                assertThat(Arrays.copyOfRange(bytes, offset, offset + length)).isEqualTo(KilledWriter.record(number));
                found.add(number);
                journal.release(id);
            });
            journal.close();

            assertThat(found).doesNotHaveDuplicates();
            Set<Long> needed = new HashSet<>(acknowledged);
            needed.removeAll(released);
            assertThat(found).containsAll(needed);
            assertThat(found.stream().filter(released::contains).count())
                    .as("released, but handed out once more: as many as were staged with their notes")
                    .isLessThan(1_000);
            acknowledged.clear();
            released.clear();
        }
    }

    @Test
    void open_directoryInUse_saysByWhom() throws IOException, InterruptedException {
        Process process = begin(Sync.NONE, 0);
        Waiting.until(() -> Files.size(said()) > 0);

        assertThatThrownBy(() -> DirectoryVolume.open(directory, Duration.ofMillis(100)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("in use by another process (pid " + process.pid() + ")")
                .hasMessageContaining("a directory of its own");

        process.destroyForcibly().waitFor();
        DirectoryVolume.open(directory, Duration.ofSeconds(5)).close();
    }

    @Test
    void open_twiceInOneProcess_saysSo() throws IOException {
        try (DirectoryVolume volume = DirectoryVolume.open(directory, Duration.ZERO)) {
            assertThat(volume.list()).containsExactly("journal.lock");
            assertThatThrownBy(() -> DirectoryVolume.open(directory, Duration.ZERO))
                    .hasMessageContaining("another component of this process");
        }
    }

    @Test
    void append_realDirectory_isThereAfterClose() throws IOException {
        JournalOptions options = KilledWriter.options(Sync.INTERVAL);
        Journal journal = Journal.open(DirectoryVolume.open(directory, Duration.ZERO), options);
        byte[] payload = Records.payload(1, 5000);
        List<Boolean> told = new ArrayList<>();
        long id = journal.append(3, payload, 0, payload.length, (_, safe) -> {
            synchronized (told) {
                told.add(safe);
            }
        });
        Waiting.until(() -> {
            synchronized (told) {
                return !told.isEmpty();
            }
        });
        assertThat(journal.read(id)).isEqualTo(payload);
        Waiting.until(() -> journal.counts().syncs.sum() > 0);
        journal.close();

        Journal after = Journal.open(DirectoryVolume.open(directory, Duration.ZERO), options);
        assertThat(Records.names(after)).containsExactly(Records.name(payload));
        after.close();
        try (var files = Files.list(directory)) {
            assertThat(files.filter(f -> f.toString().endsWith(".journal"))).hasSizeLessThan(6);
        }
    }
}
