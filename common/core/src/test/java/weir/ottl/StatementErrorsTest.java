package weir.ottl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are told about statements that are wrong, and that none of them ends anything. */
class StatementErrorsTest {
    private static StatementException refused(String statement) {
        return catchThrowableOfType(
                StatementException.class,
                () -> Statements.compile(
                        List.of(statement), SampleContext.LOG, ErrorMode.SILENT, SampleContext.ENVIRONMENT));
    }

    private static String rendered(String statement) {
        return refused(statement).errors().getFirst().render();
    }

    @Test
    void compile_unknownPath_pointsAtItAndNamesTheNearest() {
        assertThat(rendered("set(attributes[\"x\"], bodi)")).isEqualTo("""
                        the context log has no path `bodi`
                            set(attributes["x"], bodi)
                                                 ^^^^  did you mean 'body'?""");
    }

    @Test
    void compile_unknownConverter_namesTheNearest() {
        assertThat(rendered("set(body, Contat([\"a\"], \"\"))"))
                .contains("there is no converter `Contat`")
                .contains("              ^^^^^^  did you mean 'Concat'?");
    }

    @Test
    void compile_functionThatOnlyTheCollectorHas_saysSo() {
        assertThat(rendered("set(body, UserAgent(body, \"%{IP}\"))"))
                .contains("the collector's UserAgent does not exist in Weir");
    }

    @Test
    void compile_functionOfAnotherContext_namesThat() {
        assertThat(rendered("set(body, 1) where IsRootSpan()")).contains("in the context log", "the context span");
    }

    @Test
    void compile_missingArgument_showsHowItIsWritten() {
        assertThat(rendered("replace_pattern(body, \"a\")"))
                .contains("needs `replacement`")
                .contains("replace_pattern(target, regex_pattern, replacement, function?, replacement_format?)");
    }

    @Test
    void compile_wrongRegularExpression_pointsAtIt() {
        StatementError error =
                refused("set(body, 1) where IsMatch(body, \"a(\")").errors().getFirst();
        assertThat(error.column()).isEqualTo(34);
        assertThat(error.message()).contains("is no regular expression");
    }

    @Test
    void compile_severalWrong_tellsAll() {
        StatementException e = catchThrowableOfType(
                StatementException.class,
                () -> Statements.compile(
                        List.of("set(body, 1)", "sett(body, 1)", "set(body"),
                        SampleContext.LOG,
                        ErrorMode.SILENT,
                        SampleContext.ENVIRONMENT));
        assertThat(e.errors()).extracting(StatementError::statement).containsExactly(1, 2);
    }

    @Test
    void compile_secondLine_isCountedFrom() {
        StatementError error =
                refused("set(attributes[\"x\"],\n  nope)").errors().getFirst();
        assertThat(error.line()).isEqualTo(2);
        assertThat(error.column()).isEqualTo(3);
        assertThat(error.render()).contains("\n      nope)\n      ^^^^");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set(time, 1)",
                "set(body, \"a\\d\")",
                "set(body, 1) where body",
                "set(body, 1) where body = 1",
                "set(body, 1) wher body == 1",
                "set(body, 1) where not not true",
                "set(body, 1) where 1 == 1 == true",
                "set(body, (x) => x)",
                "set(body, upper(body))",
                "set(body, 1) where body == 'x'",
                "set(body, 1) && set(body, 2)",
                "Set(body, 1)",
                "set(body, {1: 2})",
                "set(body, {\"a\": 1, \"a\": 2})",
                "set(attributes[nil], 1)",
                "limit(attributes, 1, [\"a\", \"b\"])",
                "merge_maps(attributes, attributes, \"all\")",
                "truncate_all(attributes, -1)",
                "set(body, ConvertCase(body, \"title\"))",
                "set(body, FormatTime(time, \"%Q\"))",
                "replace_match(body, \"a[\", \"b\")",
                "set(body, IsInCIDR(body, [\"10.0.0.0\"]))",
                "set(body, 1) where ",
                "",
                "\"",
                "set(body, 0x)",
                "set(body, \u0000)"
            })
    void compile_whatIsNoStatement_isRefusedWithAPlace(String statement) {
        StatementError error = refused(statement).errors().getFirst();
        assertThat(error.message()).isNotBlank();
        assertThat(error.offset()).isBetween(0, statement.length());
        assertThat(error.render()).contains("^");
    }

    @Test
    void compile_nestedDeep_isRefusedNotOverflown() {
        for (String open : List.of("(", "[", "Concat([", "-(", "{\"a\":", "attributes[", "not (")) {
            assertThat(refused("set(body, " + open.repeat(1500))
                            .errors()
                            .getFirst()
                            .message())
                    .isNotBlank();
        }
        assertThat(refused("set(body, " + "(".repeat(60) + "1" + ")".repeat(60) + ")")
                        .errors()
                        .getFirst()
                        .message())
                .contains("levels deep");
        assertThat(refused("set(body, 1" + " + 1".repeat(400) + ")")
                        .errors()
                        .getFirst()
                        .message())
                .contains("operators");
        assertThat(refused("set(body, \"" + "x".repeat(20_000) + "\")")
                        .errors()
                        .getFirst()
                        .hint())
                .contains("16384");
        assertThat(refused("set(body, 1) where IsMatch(body, \"" + "x".repeat(5_000) + "\")")
                        .errors()
                        .getFirst()
                        .message())
                .contains("4096");
    }

    @Test
    @Timeout(20)
    void compile_nestedLists_areCompiledOnce() throws StatementException {
        int depth = 22;
        Statements<SampleItem> nested = Statements.compile(
                List.of("set(attributes[\"x\"], " + "Concat([".repeat(depth) + "body" + "], \"\")".repeat(depth) + ")"),
                SampleContext.LOG,
                ErrorMode.SILENT,
                SampleContext.ENVIRONMENT);
        SampleItem item = SampleItem.withValues();
        nested.execute(item);
        assertThat(item.shown()).containsEntry("x", "\"user=ann id=42\"");
    }

    @Test
    void compile_chainsOfOr_areFlat() throws StatementException {
        Conditions<SampleItem> conditions = Conditions.compile(
                List.of("body == \"x\"" + " or body == 1".repeat(1000)),
                SampleContext.LOG,
                ErrorMode.SILENT,
                SampleContext.ENVIRONMENT);
        assertThat(conditions.test(new SampleItem())).isFalse();
    }

    @Test
    void compile_randomText_isAStatementOrRefused() {
        String[] words = {
            "set(",
            ")",
            "attributes",
            "[",
            "]",
            "\"a\"",
            "1",
            ",",
            " where ",
            "==",
            "not ",
            "and ",
            "(",
            "Concat(",
            "{",
            "}",
            ".",
            "-",
            "0x0",
            "nil",
            "\\",
            "\"",
            "=",
            ":",
            "true",
            "é"
        };
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "set(body, " : "");
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(words[random.nextInt(words.length)]);
            }
            try {
                Statements.compile(
                                List.of(text.toString()),
                                SampleContext.LOG,
                                ErrorMode.SILENT,
                                SampleContext.ENVIRONMENT)
                        .execute(new SampleItem());
            } catch (StatementException e) {
                assertThat(e.errors().getFirst().render()).contains("^");
            }
        }
    }

    @Test
    void execute_failingStatement_isAnsweredByItsMode() throws StatementException {
        List<String> texts = List.of("set(attributes[\"x\"], 1 / attributes[\"none\"])", "set(body, \"after\")");
        SampleItem item = new SampleItem();
        Statements<SampleItem> ignoring =
                Statements.compile(texts, SampleContext.LOG, ErrorMode.IGNORE, SampleContext.ENVIRONMENT);
        ignoring.execute(item);
        ignoring.copy().execute(item);
        assertThat(item.body.text()).isEqualTo("after");
        assertThat(ignoring.errors()).isEqualTo(2);

        Statements<SampleItem> propagating =
                Statements.compile(texts, SampleContext.LOG, ErrorMode.PROPAGATE, SampleContext.ENVIRONMENT);
        SampleItem other = new SampleItem();
        assertThatThrownBy(() -> propagating.execute(other))
                .isInstanceOf(OttlException.class)
                .hasMessageContaining("set(attributes[\"x\"]")
                .hasMessageContaining("int / nil");
        assertThat(other.body.isNil()).isTrue();
    }

    @Test
    void execute_textThatGrows_meetsItsLimit() throws StatementException {
        Statements<SampleItem> doubling = Statements.compile(
                List.of("set(body, Concat([body, body], \"\"))"),
                SampleContext.LOG,
                ErrorMode.SILENT,
                SampleContext.ENVIRONMENT);
        SampleItem item = new SampleItem();
        item.body.set("0123456789abcdef");
        Value kept = new Value();
        for (int i = 0; i < 40; i++) {
            doubling.execute(item);
            kept.set(item.body.text());
            item.body.set(kept.text());
        }
        assertThat(item.body.length()).isBetween(Limits.MAX_PRODUCED_BYTES / 2, Limits.MAX_PRODUCED_BYTES);
        assertThat(doubling.errors()).isPositive();
    }

    @Test
    void infer_pathsOfSeveralContexts_chooseTheLowest() throws StatementException {
        SampleContext resource = new SampleContext("resource", Set.of("resource"));
        List<SampleContext> both = List.of(resource, SampleContext.LOG);
        assertThat(ContextInference.infer(List.of("set(resource.attributes[\"a\"], 1)"), List.of(), both))
                .isSameAs(resource);
        assertThat(ContextInference.infer(
                        List.of("set(resource.attributes[\"a\"], 1)"),
                        List.of("log.body == resource.attributes[\"b\"]"),
                        both))
                .isSameAs(SampleContext.LOG);
        assertThat(ContextInference.infer(
                        List.of("set(resource.attributes[\"a\"], SEVERITY_NUMBER_INFO)"), List.of(), both))
                .isSameAs(SampleContext.LOG);
        assertThatThrownBy(() -> ContextInference.infer(List.of("set(attributes[\"a\"], 1)"), List.of(), both))
                .hasMessageContaining("a path begins with one: `attributes` is none");
        assertThatThrownBy(() -> ContextInference.infer(List.of("set(span.name, 1)"), List.of(), both))
                .hasMessageContaining("`span` is none");
    }
}
