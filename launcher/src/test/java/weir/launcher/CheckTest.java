package weir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
    private static final String GOOD = """
            receivers:
              nop:
            exporters:
              nop:
            service:
              pipelines:
                traces:
                  receivers: [nop]
                  exporters: [nop]
            """;

    @TempDir
    Path directory = Path.of("");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void check_goodFile_isZeroAndSaysForWhom() throws IOException {
        assertThat(check(GOOD)).isZero();
        assertThat(said()).contains("is a good file for gateway and agent: 1 pipeline\n");
    }

    @Test
    void check_mistakes_isOneAndSaysAll() throws IOException {
        assertThat(check(GOOD.replace("exporters: [nop]", "exporters: [nopp]").replace("  nop:\nexp", "  nup:\nexp")))
                .isEqualTo(1);
        assertThat(said()).contains("nup").contains("nopp").contains("3 errors, 1 warning. Nothing was applied.");
    }

    @Test
    void check_noFile_isTwo() {
        assertThat(Check.check(directory.resolve("none.yaml"), null, new PrintStream(printed), false))
                .isEqualTo(2);
        assertThat(said()).contains("there is no file").contains("none.yaml");
    }

    @Test
    void check_unknownService_isTwo() {
        assertThat(Check.check(directory.resolve("none.yaml"), "allocater", new PrintStream(printed), false))
                .isEqualTo(2);
    }

    private int check(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("file.yaml"), text);
        return Check.check(file, null, new PrintStream(printed), false);
    }

    private String said() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
