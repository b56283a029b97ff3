package weir.match;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternSizeTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "abc, 3",
                "a*, 2",
                "a|b, 3",
                "[a-z]{3}, 3",
                "[]a]x, 2",
                "[^]a]x, 2",
                "[[:alpha:]]]x, 3",
                "[\\]]x, 2",
                "a{1000}, 1000",
                "`a{2,}`, 3",
                "`a{2,5}`, 5",
                "a{, 2",
                "a{x}, 4",
                "(ab){10}, 40",
                "((a{10}){10}){10}, 1220",
                "\\p{Greek}{4}, 4",
                "\\x{10FFFF}{4}, 4",
                "\\d\\(, 2",
                "\\Qa{9}\\Eb, 6",
                "(a, 3",
            })
    void of_anExpression_countsWhatIsRepeatedAsOftenAsItIs(String expression, long instructions) {
        assertThat(PatternSize.of(expression).instructions()).isEqualTo(instructions);
    }

    @Test
    void of_repetitionsOfRepetitions_saturates() {
        assertThat(PatternSize.of("((((a{999}){999}){999}){999}){999}").instructions())
                .isGreaterThanOrEqualTo(1L << 40);
    }

    @Test
    void of_groups_tellsHowDeepTheyNest() {
        assertThat(PatternSize.of("(a(b))(c)").levels()).isEqualTo(2);
        assertThat(PatternSize.of("[((]\\(").levels()).isZero();
    }
}
