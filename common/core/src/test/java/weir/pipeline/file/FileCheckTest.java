package weir.pipeline.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testing.FakeComponents;

class FileCheckTest {
    private static final String GOOD = """
            receivers: {in: }
            exporters: {out: , out/2: }
            service: {pipelines: {traces: {receivers: [in], exporters: [out]}}}
            """;

    @TempDir
    private Path dir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int check(Path file) {
        return FileCheck.run(
                file, new FakeComponents().components(), new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void run_goodFileWithAWarning_is0() throws Exception {
        assertThat(check(Files.writeString(dir.resolve("g.yaml"), GOOD))).isZero();
        assertThat(printed())
                .startsWith("g.yaml:2:20 warn   the exporter 'out/2' is configured but not used")
                .endsWith("g.yaml is a good gateway file: 1 pipeline\n");
    }

    @Test
    void run_errors_is1() throws Exception {
        assertThat(check(Files.writeString(dir.resolve("g.yaml"), GOOD.replace("[in]", "[on]"))))
                .isEqualTo(1);
        assertThat(printed()).endsWith("1 error, 2 warnings. Nothing was applied.\n");
    }

    @Test
    void run_nothingToLookAt_is2() throws Exception {
        assertThat(check(dir.resolve("none.yaml"))).isEqualTo(2);
        assertThat(check(dir)).isEqualTo(2);
        assertThat(check(Files.write(dir.resolve("binary"), new byte[] {'a', (byte) 0xff, (byte) 0xfe})))
                .isEqualTo(2);
        assertThat(printed()).contains("there is no file", "it is a directory", "it is not text in UTF-8");
    }
}
