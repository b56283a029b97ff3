package weir.ottl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExplanationTest {
    @Test
    void explain_statement_isATree() throws StatementException {
        String tree = Explanation.explain(
                "set(attributes[\"x\"], Split(body, \",\")[0])"
                        + " where resource.attributes[\"a\"] == \"b\" and not IsMatch(body, \"^GET /health\")",
                SampleContext.LOG,
                SampleContext.ENVIRONMENT);
        assertThat(tree).isEqualTo("""
                statement of the context log
                  editor set
                    target: path attributes["x"], of the context log
                    value: converter Split
                      target: path body, of the context log
                      delimiter: literal ","
                      index: literal 0
                  where
                    all of
                      compare ==  (compares bytes with the literal)
                        path resource.attributes["a"]
                        literal "b"
                      not
                        converter IsMatch  (compares bytes with literals; the regular expression is never asked)
                          target: path body, of the context log
                          pattern: literal "^GET /health"
                """);
    }

    @Test
    void explain_condition_needsNoEditor() throws StatementException {
        assertThat(Explanation.explain(
                        "severity_number >= SEVERITY_NUMBER_WARN", SampleContext.LOG, SampleContext.ENVIRONMENT))
                .isEqualTo("""
                        condition of the context log
                          compare >=
                            path severity_number, of the context log
                            enum SEVERITY_NUMBER_WARN = 13
                        """);
        assertThat(Explanation.isStatement("not (true)")).isFalse();
    }

    @Test
    void explain_whatIsWrong_saysWhere() {
        assertThatThrownBy(() -> Explanation.explain("set(nope, 1)", SampleContext.LOG, SampleContext.ENVIRONMENT))
                .isInstanceOf(StatementException.class)
                .hasMessageContaining("column 5");
    }
}
