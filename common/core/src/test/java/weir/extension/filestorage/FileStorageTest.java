package weir.extension.filestorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.Checked.Complaints;
import weir.journal.Journal;
import weir.journal.JournalStorage;
import weir.journal.Sync;
import weir.pipeline.Extension;
import weir.testing.TestContexts;

class FileStorageTest {
    private static final FileStorageConfig.CompactionConfig COMPACTION =
            new FileStorageConfig.CompactionConfig(false, false, "", 100, 10, 65536, Duration.ofSeconds(5), false);

    @TempDir
    private Path root;

    private final List<String> said = new ArrayList<>();
    private final Complaints complaints = new Complaints() {
        @Override
        public void error(String option, String what) {
            said.add(option + ": " + what);
        }

        @Override
        public void warning(String option, String what) {
            said.add("warning " + option + ": " + what);
        }
    };

    private FileStorageConfig config(
            boolean create, long maxSize, FileStorageConfig.@Nullable CompactionConfig compaction) {
        return new FileStorageConfig(
                root.resolve("storage").toString(),
                create,
                "0750",
                Duration.ZERO,
                false,
                maxSize,
                false,
                compaction,
                new FileStorageConfig.WeirConfig(Sync.INTERVAL, Duration.ofSeconds(1)));
    }

    private static Extension storage(FileStorageConfig config) {
        return new FileStorageFactory().create(TestContexts.of("extension", "file_storage", null), config);
    }

    @Test
    void check_whatHasNoEffect_isSaid() {
        config(true, 0, null).check(complaints);
        assertThat(said).isEmpty();

        config(true, 1000, COMPACTION).check(complaints);
        assertThat(said)
                .containsExactly(
                        "max_size: must be 1048576 bytes or more; 0 is 1 GiB",
                        "warning compaction: has no effect: files are used again, and those too many are deleted");
    }

    @Test
    void start_directoryMissing_saysWhatToDo() {
        assertThatThrownBy(() -> storage(config(false, 0, null)).start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("storage does not exist; make it, or set create_directory: true");
    }

    @Test
    void open_anyName_isADirectoryOfItsOwnThatNobodyElseReads() throws Exception {
        Extension storage = storage(config(true, 1 << 20, null));
        storage.start();
        String longName = "exporter_otlp_" + "a".repeat(300) + "_traces";
        try (Journal a = ((JournalStorage) storage).open("exporter_otlp_a/b c_traces");
                Journal b = ((JournalStorage) storage).open(longName)) {
            assertThat(a.append(1, new byte[10], 0, 10, null)).isNotNegative();
            assertThat(b.append(1, new byte[10], 0, 10, null)).isNotNegative();
        }

        Path made = root.resolve("storage");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .endsWith("---");
        assertThat(made.resolve("exporter_otlp_a~002Fb~0020c_traces")).isDirectory();
        try (var directories = Files.list(made)) {
            assertThat(directories.toList())
                    .hasSize(2)
                    .allSatisfy(d -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(d)))
                            .isEqualTo("rwx------"));
        }
    }
}
