package weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InlinedTest {
    record Shared(
            @Option(doc = "how many", fallback = "3") int count,
            @Option(doc = "more", live = true) Nested nested) implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (count < 0) {
                complaints.error("count", "must not be negative");
            }
        }
    }

    record Nested(@Option(doc = "whether") boolean enabled) {}

    record Section(
            @Option(doc = "where", fallback = "here") String endpoint,
            @Inlined Shared shared,
            @Option(doc = "last") String last) {}

    record Outer(@Option(doc = "a section") Section section) {}

    private Problems problems = new Problems("f.yaml", "");

    private @Nullable Outer bind(String yaml) {
        problems = new Problems("f.yaml", yaml);
        Yaml read = Objects.requireNonNull(YamlReader.read(problems, yaml));
        return new Binder(problems, path -> path.equals("section.auth") ? "there is none" : null)
                .bind(Outer.class, read, Position.FILE, "exporters.outer");
    }

    private String told() {
        return Problem.render(problems.sorted(), false);
    }

    @Test
    void bind_optionsOfBoth_standInOneMapping() {
        Outer outer = bind("section: {endpoint: there, count: 5, nested: {enabled: true}, last: z}");

        assertThat(told()).isEmpty();
        assertThat(outer).isEqualTo(new Outer(new Section("there", new Shared(5, new Nested(true)), "z")));
    }

    @Test
    void bind_nothing_hasTheDefaultsOfBoth() {
        assertThat(bind("section:")).isEqualTo(new Outer(new Section("here", new Shared(3, new Nested(false)), "")));
        assertThat(told()).isEmpty();
    }

    @Test
    void bind_mistakes_areToldOnceWithTheirPlace() {
        bind("section: {count: -1, contu: 2, auth: {}, nested: {enabeld: true}, shared: {}}");

        assertThat(problems.sorted().stream()
                        .map(p -> p.render(false).lines().findFirst().orElse("")))
                .containsExactly(
                        "f.yaml:1:18 error  must not be negative",
                        "f.yaml:1:22 error  unknown option 'contu' in exporters.outer.section",
                        "f.yaml:1:32 error  the collector has 'section.auth', Weir does not: there is none",
                        "f.yaml:1:51 error  unknown option 'enabeld' in exporters.outer.section.nested",
                        "f.yaml:1:67 error  unknown option 'shared' in exporters.outer.section");
        assertThat(told()).contains("there are count, endpoint, last, nested");
    }

    @Test
    void between_inlinedOptions_areNamedAsInTheFile() {
        Outer former = Objects.requireNonNull(bind("section: {count: 1, last: a}"));
        Outer next = Objects.requireNonNull(bind("section: {count: 2, last: b, nested: {enabled: true}}"));

        assertThat(Differences.between(former, next))
                .containsExactly(
                        new Differences.Change("section.count", false),
                        new Differences.Change("section.nested.enabled", true),
                        new Differences.Change("section.last", false));
    }

    @Test
    void of_record_listsInlinedOptionsInTheirPlace() {
        assertThat(OptionSpec.of(Section.class).stream().map(OptionSpec::name))
                .containsExactly("endpoint", "count", "nested", "last");
    }
}
