package weir.relabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weir.config.Checked;
import weir.relabel.RelabelConfig.Action;

class RelabellingTest {
    private static final Map<String, String> LABELS = Map.of("a", "foo", "b", "bar", "c", "baz");

    static Stream<Arguments> rules() {
        return Stream.of(
                argumentSet(
                        "replace with groups",
                        rule(List.of("a"), "f(.*)", "d", "ch${1}-ch${1}", Action.REPLACE),
                        Map.of("a", "foo", "b", "bar", "c", "baz", "d", "choo-choo")),
                argumentSet(
                        "replace joins the sources",
                        rule(List.of("a", "b"), "(.*);(.*)", "a", "$2${1}", Action.REPLACE),
                        Map.of("a", "barfoo", "b", "bar", "c", "baz")),
                argumentSet(
                        "replace with nothing removes",
                        rule(List.of("a"), "(.*)", "b", "", Action.REPLACE),
                        Map.of("a", "foo", "c", "baz")),
                argumentSet(
                        "replace, the whole must match", rule(List.of("a"), "fo", "b", "x", Action.REPLACE), LABELS),
                argumentSet(
                        "replace, target of a group",
                        rule(List.of("a"), "(?P<name>f)oo", "t_${name}", "$name$$", Action.REPLACE),
                        Map.of("a", "foo", "b", "bar", "c", "baz", "t_f", "f$")),
                argumentSet(
                        "replace, a group that is not there",
                        rule(List.of("a"), "(f)oo", "d", "$1x|$9|$", Action.REPLACE),
                        Map.of("a", "foo", "b", "bar", "c", "baz", "d", "||$")),
                argumentSet(
                        "hashmod", // the last eight bytes of the MD5 of baz, modulo 1000
                        new RelabelConfig(List.of("c"), ";", "(.*)", 1000, "d", "$1", Action.HASHMOD),
                        Map.of("a", "foo", "b", "bar", "c", "baz", "d", "976")),
                argumentSet(
                        "labelmap",
                        rule(List.of(), "([ab])", "", "x_$1", Action.LABELMAP),
                        Map.of("a", "foo", "b", "bar", "c", "baz", "x_a", "foo", "x_b", "bar")),
                argumentSet("labeldrop", rule(List.of(), "[ab]", "", "$1", Action.LABELDROP), Map.of("c", "baz")),
                argumentSet(
                        "labelkeep",
                        rule(List.of(), "[ab]", "", "$1", Action.LABELKEEP),
                        Map.of("a", "foo", "b", "bar")),
                argumentSet(
                        "uppercase",
                        rule(List.of("a"), "(.*)", "b", "$1", Action.UPPERCASE),
                        Map.of("a", "foo", "b", "FOO", "c", "baz")),
                argumentSet("keep", rule(List.of("a"), "f.o", "", "$1", Action.KEEP), LABELS),
                argumentSet("drop of another", rule(List.of("a"), "f", "", "$1", Action.DROP), LABELS),
                argumentSet("dropequal of another", rule(List.of("a"), "(.*)", "b", "$1", Action.DROPEQUAL), LABELS));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void relabelled_rule_givesLabels(RelabelConfig rule, Map<String, String> expected) {
        assertThat(errors(rule)).isEmpty();
        assertThat(new Relabelling(List.of(rule)).relabelled(LABELS))
                .hasValueSatisfying(labels -> assertThat(labels).containsExactlyInAnyOrderEntriesOf(expected));
    }

    static Stream<Arguments> drops() {
        return Stream.of(
                argumentSet("keep of another", rule(List.of("a"), "f", "", "$1", Action.KEEP)),
                argumentSet("drop", rule(List.of("a", "b"), "foo;bar", "", "$1", Action.DROP)),
                argumentSet("drop of an absent label", rule(List.of("absent"), "", "", "$1", Action.DROP)),
                argumentSet("keepequal of another", rule(List.of("a"), "(.*)", "b", "$1", Action.KEEPEQUAL)),
                argumentSet("dropequal", rule(List.of("a"), "(.*)", "a", "$1", Action.DROPEQUAL)));
    }

    @ParameterizedTest
    @MethodSource("drops")
    void relabelled_rule_drops(RelabelConfig rule) {
        assertThat(new Relabelling(List.of(rule)).relabelled(LABELS)).isEmpty();
    }

    @Test
    void apply_rules_seeWhatTheFormerOnesDid() {
        var rules = new Relabelling(List.of(
                rule(List.of("a"), "(.*)", "d", "$1$1", Action.REPLACE),
                rule(List.of("d"), "foofoo", "", "$1", Action.DROP)));

        assertThat(rules.relabelled(LABELS)).isEmpty();
    }

    @Test
    void check_impossibleRules_areNamed() {
        assertThat(errors(rule(List.of("a"), "(", "b", "$1", Action.REPLACE))).containsExactly("regex");
        assertThat(errors(rule(List.of("a"), "a", "", "$1", Action.REPLACE))).containsExactly("target_label");
        assertThat(errors(rule(List.of("a"), "a", "b", "$1", Action.HASHMOD))).containsExactly("modulus");
        assertThat(errors(rule(List.of("a"), "a", "", "$1", Action.LABELDROP))).containsExactly("action");
    }

    private static RelabelConfig rule(
            List<String> sources, String regex, String target, String replacement, Action action) {
        return new RelabelConfig(sources, ";", regex, 0, target, replacement, action);
    }

    private static List<String> errors(RelabelConfig config) {
        List<String> options = new ArrayList<>();
        config.check(new Checked.Complaints() {
            @Override
            public void error(String option, String what) {
                options.add(option);
            }

            @Override
            public void warning(String option, String what) {}
        });
        return options;
    }
}
