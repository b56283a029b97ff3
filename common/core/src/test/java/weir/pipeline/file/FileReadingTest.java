package weir.pipeline.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testing.FakeComponents;

class FileReadingTest {
    @TempDir
    private Path dir;

    private LoadResult load(Path file) throws IOException {
        return PipelineFiles.load(file, new FakeComponents().components());
    }

    @Test
    void load_fileWithErrors_isNamedWithoutItsDirectories() throws Exception {
        LoadResult result = load(Files.writeString(dir.resolve("g.yaml"), "reciever: {}\n"));

        assertThat(result.model()).isNull();
        assertThat(result.render(false)).contains("g.yaml:1:1 error  unknown section 'reciever'");
    }

    @Test
    void load_nothingToLookAt_isAnErrorOfReading() throws Exception {
        Path binary = Files.write(dir.resolve("binary"), new byte[] {'a', (byte) 0xff, (byte) 0xfe});

        assertThatThrownBy(() -> load(dir.resolve("none.yaml"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> load(dir)).hasMessage("it is a directory");
        assertThatThrownBy(() -> load(binary)).hasMessage("it is not text in UTF-8");
    }
}
