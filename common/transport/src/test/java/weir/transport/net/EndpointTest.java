package weir.transport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "localhost:4317, localhost, 4317, true",
        "127.0.0.1:0, 127.0.0.1, 0, true",
        "127.8.9.1:1, 127.8.9.1, 1, true",
        "[::1]:4317, ::1, 4317, true",
        "[::]:4317, ::, 4317, false",
        "0.0.0.0:65535, 0.0.0.0, 65535, false",
        ":4317, '', 4317, false",
    })
    void parse_hostAndPort(String text, String host, int port, boolean loopback) {
        Endpoint endpoint = Endpoint.parse(text);

        assertThat(endpoint.host()).isEqualTo(host);
        assertThat(endpoint.port()).isEqualTo(port);
        assertThat(endpoint.isLoopback()).isEqualTo(loopback);
        assertThat(endpoint.address().isUnresolved()).isFalse();
        assertThat(endpoint).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "localhost:", "localhost:65536", "localhost:-1", "::1:4317", "localhost:4317x"})
    void parse_else_isExplained(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("\"" + text + "\"");
    }
}
