package weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExpansionTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "HOST", "example",
            "PORT", "4317",
            "EMPTY", "",
            "LIST", "[a, b]",
            "TOKEN", "a: b",
            "MONEY", "a$$b${HOST}",
            "BOOL", "true",
            "LOOP", "${env:LOOP}");

    record Sample(
            @Option(doc = "text", fallback = "default") String text,
            @Option(doc = "secret") Secret secret,
            @Option(doc = "number", fallback = "7") int number,
            @Option(doc = "list") List<String> list,
            @Option(doc = "any") @Nullable Object any) {}

    private static Problems last = new Problems("f.yaml", "");

    private static Sample bind(String yaml) {
        last = new Problems("f.yaml", yaml);
        Yaml read = Objects.requireNonNull(YamlReader.read(last, yaml));
        Yaml expanded = Expansion.expand(last, read, ENVIRONMENT::get);
        Sample sample = new Binder(last, path -> null).bind(Sample.class, expanded, Position.FILE, "sample");
        return sample == null ? new Sample("?", new Secret("?"), -1, List.of(), null) : sample;
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                argumentSet("env", "${env:HOST}", "example"),
                argumentSet("env is the scheme if there is none", "${HOST}", "example"),
                argumentSet("default not used", "${env:HOST:-other}", "example"),
                argumentSet("default of an unset one", "${env:NONE:-other:1}", "other:1"),
                argumentSet("default of an empty one", "${env:EMPTY:-other}", "other"),
                argumentSet("default without scheme", "${NONE:-other}", "other"),
                argumentSet("empty default", "${env:NONE:-}", ""),
                argumentSet("within text", "http://${env:HOST}:${env:PORT}/", "http://example:4317/"),
                argumentSet("number kept as written", "${env:PORT}", "4317"),
                argumentSet("dollars", "$$1 $$$$ $x $", "$1 $$ $x $"),
                argumentSet("escaped reference", "$${1}:19100", "${1}:19100"),
                argumentSet("escaped dollar before a reference", "$$${HOST}", "$example"),
                argumentSet("without an end", "${env:HOST", "${env:HOST"),
                argumentSet("looks like a mapping", "${env:TOKEN}", "a: b"),
                argumentSet("looks like a list", "x${env:LIST}", "x[a, b]"),
                argumentSet("found again in what was put in", "${env:MONEY}", "a$bexample"),
                argumentSet("yaml", "${yaml:12}", "12"),
                argumentSet("unset", "${env:NONE}", ""));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void expand_inText_isReplaced(String written, String expected) {
        assertThat(bind("text: '" + written + "'").text()).isEqualTo(expected);
        assertThat(bind("secret: '" + written + "'").secret().reveal()).isEqualTo(expected);
    }

    @Test
    void expand_wholeValue_isTypedByItsLook() {
        assertThat(bind("number: ${env:PORT}").number()).isEqualTo(4317);
        assertThat(bind("number: \"${env:PORT}\"").number()).isEqualTo(4317);
        assertThat(bind("number: ${env:NONE}").number()).isEqualTo(7);
        assertThat(bind("list: ${env:LIST}").list()).containsExactly("a", "b");
        assertThat(bind("any: ${env:BOOL}").any()).isEqualTo(true);
        assertThat(bind("any: x${env:BOOL}").any()).isEqualTo("xtrue");
    }

    @Test
    void expand_unsetVariable_warns() {
        bind("text: ${env:NONE}");

        assertThat(Problem.render(last.sorted(), false)).isEqualTo("""
                f.yaml:1:7 warn   the environment variable NONE is not set: its value is empty
                    1 | text: ${env:NONE}
                      |       ^^^^^^^^^^^  set it, or write ${env:NONE:-default}
                1 warning.
                """);
    }

    @Test
    void expand_file_isReadWithoutItsLastLineBreak(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("token"), "s3cret\n");
        Path list = Files.writeString(dir.resolve("list.yaml"), "- ${env:HOST}\n- b\n");

        assertThat(bind("secret: ${file:" + file + "}").secret().reveal()).isEqualTo("s3cret");
        assertThat(bind("list: ${file:" + list + "}").list()).containsExactly("example", "b");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet("nested", "${env:${env:HOST}}", "a reference within a reference"),
                argumentSet("unknown scheme", "${vault:x}", "'${vault:x}' is of no kind that Weir knows"),
                argumentSet("network", "${https://x/y}", "would fetch configuration over the network"),
                argumentSet("no name", "${1}", "'1' cannot be the name of an environment variable"),
                argumentSet("empty", "${}", "'' cannot be the name of an environment variable"),
                argumentSet("no file", "${file:/no/such}", "there is no file '/no/such'"),
                argumentSet("directory", "${file:/}", "the file '/' cannot be read"),
                argumentSet("loop", "${env:LOOP}", "references lead to references more than 10 deep"),
                argumentSet("loop in text", "x${env:LOOP}", "references lead to references more than 10 deep"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void expand_mistake_isExplained(String written, String expected) {
        bind("text: '" + written + "'");

        assertThat(last.sorted()).singleElement().satisfies(p -> {
            assertThat(p.message()).contains(expected);
            assertThat(p.location()).isEqualTo("f.yaml:1:7");
        });
    }

    @Test
    void expand_thousandsOfReferences_endsWithOneError() {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < 9; i++) {
            environment.put("X" + i, ("${X" + (i + 1) + "} ").repeat(10));
        }
        Problems problems = new Problems("f.yaml", "a: ${X0}");
        Yaml read = Objects.requireNonNull(YamlReader.read(problems, "a: ${X0}"));

        Expansion.expand(problems, read, environment::get);

        assertThat(problems.errors()).isEqualTo(1);
    }
}
