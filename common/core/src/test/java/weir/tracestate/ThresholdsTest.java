package weir.tracestate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdsTest {
    /** The tables of OpenTelemetry's specification. */
    @ParameterizedTest
    @CsvSource({
        "1, 3, 0, 0, 0",
        "0.5, 3, 8, 8, 8",
        "0.25, 3, c, c, c",
        "0.33333333333333333, 3, aab, aaab, aaaab",
        "0.2, 3, ccd, cccd, ccccd",
        "0.1, 3, e66, e666, e6666",
        "0.01, 3, fd71, fd70a, fd70a4",
        "0.001, 3, ffbe7, ffbe77, ffbe76d"
    })
    void of_probabilitiesOfTheSpecification_areRoundedAsItSays(
            double probability, int digits, String least, String more, String most) {
        assertThat(Thresholds.text(Thresholds.of(probability, digits))).isEqualTo(least);
        assertThat(Thresholds.text(Thresholds.of(probability, digits + 1))).isEqualTo(more);
        assertThat(Thresholds.text(Thresholds.of(probability, digits + 2))).isEqualTo(most);
    }

    @Test
    void of_onePercent_isTheAdjustedCountOfTheSpecification() {
        assertThat(1 / Thresholds.probability(Thresholds.of(0.01, 4))).isEqualTo(99.99771, within(0.00001));
    }

    @Test
    void of_bounds_areNeverAndAlways() {
        assertThat(Thresholds.of(0, 4)).isEqualTo(Thresholds.NEVER);
        assertThat(Thresholds.of(0x1p-57, 14)).isEqualTo(Thresholds.NEVER);
        assertThat(Thresholds.of(Double.NaN, 14)).isEqualTo(Thresholds.NEVER);
        assertThat(Thresholds.of(0x1p-56, 14)).isEqualTo(Thresholds.RANGE - 1);
        assertThat(Thresholds.of(2, 4)).isZero();
    }

    @Test
    void text_ofAnyThreshold_isParsedBack() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 10_000; i++) {
            long value = random.nextLong(Thresholds.RANGE) >>> random.nextInt(56) << random.nextInt(8);
            value &= Thresholds.RANGE - 1;
            assertThat(Thresholds.parse(Thresholds.text(value))).isEqualTo(value);
            byte[] all = new byte[Thresholds.DIGITS];
            assertThat(Thresholds.putAll(all, 0, value)).isEqualTo(Thresholds.DIGITS);
            assertThat(new String(all, StandardCharsets.US_ASCII)).isEqualTo(String.format("%014x", value));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "123456789abcdef", "+1", "0x1", "1 ", "\u0663"})
    void parse_noHexadecimalNumber_isNone(String text) {
        assertThat(Thresholds.parse(text)).isEqualTo(Thresholds.NONE);
    }
}
