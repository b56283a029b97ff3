package weir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as {@code ./weir} starts it: a process of its own. */
class TestCommandTest {
    private static final Path EXAMPLE = Path.of("..", "docs", "examples", "gateway-cases.yaml");

    @TempDir
    Path directory = Path.of("");

    @Test
    void test_example_isZero_andNothingIsSaidOnStandardError() throws Exception {
        assertThat(weir("test", EXAMPLE.toString())).isZero();
        assertThat(said("out")).contains("ok      a failed query keeps its trace", "all passed");
        assertThat(said("err")).isEmpty();
    }

    @Test
    void test_severalFiles_theWorstStatusWins() throws Exception {
        Path failing = Files.writeString(
                directory.resolve("failing.yaml"),
                "cases: [{name: wrong, spans: [{name: a}], expect: [{kept: errors}]}]\n");
        Path report = directory.resolve("report.xml");

        assertThat(weir("test", "--junit", report.toString(), EXAMPLE.toString(), failing.toString()))
                .isEqualTo(1);
        assertThat(said("out")).contains("FAILED  wrong", " cases, 1 failed (");
        assertThat(report).content().contains("<testsuite name=\"failing.yaml\" tests=\"1\" failures=\"1\"");

        assertThat(weir(
                        "test",
                        failing.toString(),
                        directory.resolve("none.yaml").toString()))
                .isEqualTo(2);
    }

    private int weir(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Weir.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start()
                .waitFor();
    }

    private String said(String stream) throws Exception {
        return Files.readString(directory.resolve(stream), StandardCharsets.UTF_8);
    }
}
