package weir.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ExplainTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private int explain(String statement, String context) {
        return Explain.explain(statement, context.isEmpty() ? null : context, new PrintStream(printed, true, UTF_8));
    }

    @Test
    void explain_statementOfAContext_isPrintedAsATree() {
        assertThat(explain("set(attributes[\"a\"], 1) where name == \"b\"", "span"))
                .isZero();
        assertThat(printed.toString(UTF_8))
                .startsWith("statement of the context span\n  editor set\n")
                .contains("compare ==  (compares bytes with the literal)");
    }

    @Test
    void explain_withoutContext_itIsFoundByPaths() {
        assertThat(explain("datapoint.attributes[\"a\"] == metric.name", "")).isZero();
        assertThat(printed.toString(UTF_8)).startsWith("condition of the context datapoint\n");
    }

    @Test
    void explain_wrongStatement_isShownWithACaret() {
        assertThat(explain("set(span.nam, 1)", "span")).isEqualTo(1);
        assertThat(printed.toString(UTF_8)).contains("    set(span.nam, 1)\n        ^^^^^^^^");
    }

    @Test
    void explain_unknownContext_namesTheNearest() {
        assertThat(explain("true", "spam")).isEqualTo(2);
        assertThat(printed.toString(UTF_8)).contains("did you mean 'span'?");
    }
}
