package weir.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {
    private static final String BOMB = "((a{1,100}){1,100}){1,100}";

    @ParameterizedTest
    @ValueSource(strings = {BOMB, "(((((((((a{2}){9}){9}){9}){9}){9}){9}){9}){9})", "((a{999}){999}){999}"})
    void compile_repetitionsOfRepetitions_areRefused(String expression) {
        assertThatThrownBy(() -> Expressions.compile(expression))
                .isInstanceOf(PatternSyntaxException.class)
                .hasMessageContaining("too large");
        assertThatThrownBy(() -> new TextPatterns(List.of("a", expression), 0))
                .isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> Glob.of("{".repeat(200) + "}".repeat(200), '.'))
                .isInstanceOf(PatternSyntaxException.class);
    }

    @Test
    void compile_groupsThatNestWithoutEnd_areRefused() {
        assertThatThrownBy(() -> Expressions.compile("(".repeat(20_000) + ")".repeat(20_000)))
                .isInstanceOf(PatternSyntaxException.class);
    }

    @Test
    void compile_whatGoTakes_isTaken() {
        String names = IntStream.range(0, 4_000).mapToObj(i -> "service-" + i).collect(Collectors.joining("|"));

        assertThat(Expressions.compile(names).matches("service-3999")).isTrue();
        assertThat(Expressions.compile("(?:[0-9a-f]{2}-){1,333}").matches("00-ff-"))
                .isTrue();
    }
}
