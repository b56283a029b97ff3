package weir.exporter.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0.5, 5000",
        "2, 0, 0.5, 7500",
        "3, 0, 0.5, 11250",
        "9, 0, 0.5, 30000",
        "100000, 0, 0.5, 30000",
        "1, 0, 0, 2500",
        "1, 0, 1, 7500",
        "1, 6000, 0.5, 6000",
        "1, 60000, 0.5, 60000",
        "1, 999999999999, 0.5, 3600000",
    })
    void waitAfter_growsToItsLimitAndKeepsToWhatWasAskedFor(int tries, long askedMs, double random, long expectedMs) {
        Duration wait = RetryPolicy.DEFAULT.waitAfter(tries, Duration.ofMillis(askedMs), () -> random);

        assertThat(wait).isEqualTo(Duration.ofMillis(expectedMs));
    }
}
