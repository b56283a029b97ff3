package weir.transport.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.otlp.Signal;

class TargetsTest {
    @ParameterizedTest
    @CsvSource({
        "gateway:4317, dns:///gateway:4317, false",
        "http://gateway:4317, dns:///gateway:4317, true",
        "https://gateway:4317/, dns:///gateway:4317, false",
        "dns:///gateway.weir:4317, dns:///gateway.weir:4317, false",
        "dns:gateway:4317, dns:///gateway:4317, false",
        "[::1]:4317, dns:///[::1]:4317, false",
    })
    void parse_grpcEndpoint_isUnderstood(String endpoint, String target, boolean plaintext) {
        assertThat(GrpcTarget.parse(endpoint)).isEqualTo(new GrpcTarget(target, plaintext));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gateway",
                ":4317",
                "gateway:",
                "gateway:0",
                "gateway:70000",
                "::1:4317",
                "[::1]",
                "http://gateway:4317/v1/traces",
                "unix:///run/otel.sock",
                "ftp://gateway:4317",
                "http://a:b@gateway:4317"
            })
    void parse_notAGrpcEndpoint_isRefused(String endpoint) {
        assertThatIllegalArgumentException().isThrownBy(() -> GrpcTarget.parse(endpoint));
    }

    @ParameterizedTest
    @CsvSource({
        "http://tempo:4318, '', http://tempo:4318/v1/traces",
        "http://tempo:4318/, '', http://tempo:4318/v1/traces",
        "https://tempo/otlp, '', https://tempo/otlp/v1/traces",
        "https://tempo:443/otlp?tenant=a, '', https://tempo/otlp/v1/traces?tenant=a",
        "http://tempo:4318, http://other/in, http://other/in",
        "'', http://[::1]:9, http://[::1]:9/",
    })
    void of_urls_followTheCollector(String endpoint, String own, String target) {
        assertThat(HttpTarget.of(endpoint, own, Signal.TRACES)).hasToString(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tempo:4318", "ftp://tempo", "http://", "http://user:secret@tempo", "http://a b", "/x"})
    void of_notAUrl_isRefusedWithoutItsPassword(String endpoint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpTarget.of(endpoint, "", Signal.TRACES))
                .withMessageNotContaining("secret");
    }
}
