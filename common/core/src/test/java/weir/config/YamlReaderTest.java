package weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weir.config.Yaml.Mapping;
import weir.config.Yaml.Scalar;

class YamlReaderTest {
    private Problems problems = new Problems("f.yaml", "");

    private @Nullable Yaml read(String text) {
        problems = new Problems("f.yaml", text);
        return YamlReader.read(problems, text);
    }

    private String text(String yaml, String key) {
        Mapping mapping = (Mapping) Objects.requireNonNull(read(yaml));
        return ((Scalar) Objects.requireNonNull(mapping.find(key)).value()).text();
    }

    @Test
    void read_mergeKey_ownKeysWinAndTheFirstMergedBeforeTheSecond() {
        String yaml = """
                one: &one {a: 1, b: 1, c: 1}
                two: &two {b: 2, c: 2, d: 2}
                all:
                  c: 3
                  <<: [*one, *two]
                """;
        Mapping all = (Mapping) Objects.requireNonNull(((Mapping) Objects.requireNonNull(read(yaml))).find("all"))
                .value();

        assertThat(all.entries().stream().map(e -> e.name() + ((Scalar) e.value()).text()))
                .containsExactlyInAnyOrder("c3", "a1", "b1", "d2");
        assertThat(problems.sorted()).isEmpty();
    }

    @Test
    void read_aliasAndQuotedMergeKey_areValues() {
        assertThat(text("a: &x hello\nb: *x\n", "b")).isEqualTo("hello");
        assertThat(text("'<<': text\n", "<<")).isEqualTo("text");
    }

    @Test
    void read_byteOrderMark_isSkipped() {
        assertThat(text("\ufeffa: 1\n", "a")).isEqualTo("1");
    }

    @Test
    void read_positions_countFromOneAndCoverTheKey() {
        Mapping mapping = (Mapping) Objects.requireNonNull(read("a:\n  batch: {size: 10}\n"));
        Mapping a = (Mapping) Objects.requireNonNull(mapping.find("a")).value();

        assertThat(a.entries().getFirst().key().at()).isEqualTo(new Position(2, 3, 5, 2));
    }

    static Stream<Arguments> mistakes() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
        }
        return Stream.of(
                argumentSet("tab", "a:\n\tb: 1\n", "f.yaml:2:1 error  a tab cannot indent YAML"),
                argumentSet("key twice", "a: 1\nb: 2\na: 3\n", "f.yaml:3:1 error  'a' stands here twice"),
                argumentSet("no anchor", "a: *b\n", "f.yaml:1:4 error  there is no anchor '&b' before this alias"),
                argumentSet(
                        "alias of itself",
                        "a: &b [*b]\n",
                        "f.yaml:1:8 error  an alias inside of its own anchor never ends"),
                argumentSet(
                        "alias bomb",
                        bomb.toString(),
                        "f.yaml:6:10 error  the file has more than 200000 values, counting what its aliases repeat"),
                argumentSet("deep", "[".repeat(100_000), "f.yaml:1:66 error  values are nested more than 64 deep"),
                argumentSet(
                        "two documents", "a: 1\n---\nb: 1\n", "f.yaml:2:1 error  a second YAML document begins here"),
                argumentSet("tag", "a: !!binary aGk=\n", "f.yaml:1:4 error  YAML tags such as"),
                argumentSet("list as key", "? [a]\n: b\n", "f.yaml:1:3 error  a key must be plain text, not a list"),
                argumentSet("merge of a text", "<<: x\n", "f.yaml:1:1 error  '<<' merges mappings, not 'x'"),
                argumentSet(
                        "NUL", "a: b\nc: \0\n", "f.yaml:2:4 error  the character U+0000 cannot stand in a YAML file"),
                argumentSet("binary", "\u0001\u0002\u007fELF", "error  the character U+0001"),
                argumentSet("unclosed", "a: [1, 2\n", "error  this is not YAML: while parsing a flow sequence"),
                argumentSet(
                        "reference in braces",
                        "a: {b: ${env:X}}",
                        "within braces or brackets, ${...} needs quotes: \"${...}\""),
                argumentSet("too long", "#".repeat((4 << 20) + 1), "f.yaml error  the file is longer than 4 MiB"),
                argumentSet("long key", "? " + "k".repeat(2000) + "\n: 1\n", "error  this key is too long"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void read_mistake_isExplainedWithItsPlace(String yaml, String expected) {
        read(yaml);

        assertThat(Problem.render(problems.sorted(), false)).contains(expected).hasSizeLessThan(2_000);
    }

    @Test
    void read_wideListOfAliasesBelowTheLimit_isRead() {
        read("a: &a {x: 1}\nb: [" + "*a, ".repeat(1000) + "]\n");

        assertThat(problems.sorted()).isEmpty();
    }
}
