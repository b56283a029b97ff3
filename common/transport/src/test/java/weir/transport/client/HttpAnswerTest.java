package weir.transport.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpAnswerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120 | 120",
                "0 | 0",
                "-5 | 0",
                "soon | 0",
                "99999999999999999999 | 999999999",
                "Fri, 31 Dec 1999 23:59:59 GMT | 0",
                "Sat, 21 Nov 2026 10:00:30 GMT | 30",
                "Sat, 99 Nov 2026 10:00:30 GMT | 0",
            })
    void retryAfter_secondsOrDate_isRead(String value, long seconds) {
        Duration wait = HttpAnswer.retryAfter(value, Instant.parse("2026-11-21T10:00:00Z"));

        assertThat(wait).isEqualTo(Duration.ofSeconds(seconds));
    }
}
