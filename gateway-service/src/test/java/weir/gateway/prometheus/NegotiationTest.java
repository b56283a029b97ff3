package weir.gateway.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NegotiationTest {
    /** What Prometheus 3 sends. */
    private static final String PROMETHEUS = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
            + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    @Test
    void choose_prometheus_openMetricsWhereItIsOffered() {
        assertThat(Negotiation.choose(PROMETHEUS, true).contentType())
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8");
        assertThat(Negotiation.choose(PROMETHEUS, false).contentType())
                .isEqualTo("text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                "text/html | text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                "*/* | text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                "application/openmetrics-text | application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=underscores",
                "application/openmetrics-text;version=7.0.0,text/plain;q=0.1 | text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                "text/plain;q=0.9,application/openmetrics-text;version=1.0.0;q=0.1 | text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                "application/openmetrics-text; version=\"1.0.0\"; q=0.9, text/plain;q=0.5 | application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
                "TEXT/PLAIN;version=0.0.4;escaping=values | text/plain; version=0.0.4; charset=utf-8; escaping=values",
                "application/openmetrics-text;version=1.0.0;q=0 | text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                "application/openmetrics-text;version=1.0.0;q=x,;;;,= | text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
            })
    void choose_byWeight(String accept, String contentType) {
        assertThat(Negotiation.choose(accept, true).contentType()).isEqualTo(contentType);
    }

    @ParameterizedTest
    @CsvSource({
        "UNDERSCORES, a.b_c 字, a_b_c__",
        "DOTS, a.b_c 字, a_dot_b__c____",
        "VALUES, a.b_c 字, U__a_2e_b__c_20__5b57_",
        "UNDERSCORES, 1a, _a",
        "ALLOW_UTF8, a.b, a.b"
    })
    void escape_bySchemes(Escaping escaping, String name, String expected) {
        assertThat(escaping.escape(name)).isEqualTo(expected);
    }
}
