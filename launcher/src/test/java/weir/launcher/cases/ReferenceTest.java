package weir.launcher.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import weir.pipeline.file.ReferencePage;

/** Keeps the reference page of files of cases as their records say. */
class ReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "cases.md");

    @Test
    void referencePage_isUpToDate() throws IOException {
        String expected = """
                # Files of cases for `./weir test`: all options

                <!-- Written from the records by a test (-Dupdate.docs=true); edit those. -->

                What they are for and how they are run: [../cases.md](../cases.md).

                """ + ReferencePage.options(CasesFile.class).stripTrailing() + "\n";
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE))
                .as(PAGE + " is stale: run this test with -Dupdate.docs=true")
                .isEqualTo(expected);
    }
}
