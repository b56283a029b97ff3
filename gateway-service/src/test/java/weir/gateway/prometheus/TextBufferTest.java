package weir.gateway.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextBufferTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0.0",
        "-0.0, 0, 0.0",
        "1, 1, 1.0",
        "-1, -1, -1.0",
        "7, 7, 7.0",
        "100, 100, 100.0",
        "999999, 999999, 999999.0",
        "1000000, 1e+06, 1e+06",
        "1234567, 1.234567e+06, 1.234567e+06",
        "23523328, 2.3523328e+07, 2.3523328e+07",
        "948305524, 9.48305524e+08, 9.48305524e+08",
        "-1500000, -1.5e+06, -1.5e+06",
        "123456.789, 123456.789, 123456.789",
        "1234567.8, 1.2345678e+06, 1.2345678e+06",
        "0.5, 0.5, 0.5",
        "0.271467923, 0.271467923, 0.271467923",
        "0.00381, 0.00381, 0.00381",
        "0.0001, 0.0001, 0.0001",
        "0.00012, 0.00012, 0.00012",
        "0.00001, 1e-05, 1e-05",
        "1.5e-10, 1.5e-10, 1.5e-10",
        "1e21, 1e+21, 1e+21",
        "1e100, 1e+100, 1e+100",
        "2e23, 2e+23, 2e+23",
        "1.7976931348623157e308, 1.7976931348623157e+308, 1.7976931348623157e+308",
        "4.9e-324, 5e-324, 5e-324",
        "9007199254740992, 9.007199254740992e+15, 9.007199254740992e+15",
        "9007199254740991, 9.007199254740991e+15, 9.007199254740991e+15",
        "NaN, NaN, NaN",
        "Infinity, +Inf, +Inf",
        "-Infinity, -Inf, -Inf"
    })
    void number_isLaidOutAsGoDoes(double value, String plain, String withPoint) {
        assertThat(text(value, false)).isEqualTo(plain);
        assertThat(text(value, true)).isEqualTo(withPoint);
    }

    @Test
    void number_anyDouble_readsBackToIt() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            double value = i % 2 == 0 ? Double.longBitsToDouble(random.nextLong()) : random.nextGaussian() * 1e4;
            if (!Double.isNaN(value) && !Double.isInfinite(value)) {
                String text = text(value, i % 3 == 0);
                assertTrue(Double.parseDouble(text) == value, () -> value + " as " + text);
            }
        }
    }

    @Test
    void quoted_escapesBackslashQuoteAndNewline() {
        TextBuffer text = new TextBuffer(1).quoted("a\\b\"c\nd\té");
        assertThat(new String(text.toByteArray(), StandardCharsets.UTF_8)).isEqualTo("\"a\\\\b\\\"c\\nd\té\"");
    }

    @Test
    void put_long_writesItsDigits() {
        TextBuffer text = new TextBuffer(1);
        text.put(0L).put(' ').put(Long.MAX_VALUE).put(' ').put(-5L);
        assertThat(new String(text.toByteArray(), StandardCharsets.UTF_8)).isEqualTo("0 9223372036854775807 -5");
    }

    private static String text(double value, boolean point) {
        TextBuffer text = new TextBuffer(1).number(value, point);
        return new String(text.toByteArray(), StandardCharsets.US_ASCII);
    }
}
