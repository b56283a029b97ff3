package weir.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http.* | http.method | true",
                "http.* | http.request.method | false",
                "http.** | http.request.method | true",
                "http.* | https.method | false",
                "*.method | http.method | true",
                "?at | cat | true",
                "?at | .at | false",
                "[abc]at | bat | true",
                "[!abc]at | bat | false",
                "[a-c]at | bat | true",
                "{http,db}.* | db.name | true",
                "{http,db}.* | rpc.name | false",
                "a,b | a,b | true",
                "a\\* | a* | true",
                "a\\* | ab | false",
                "a+(b) | a+(b) | true",
            })
    void matches_upToDots_isAsGobwasDoes(String glob, String name, boolean matches) {
        assertThat(Glob.of(glob, '.').matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http.* | http.request.method | true",
                "*.* | http | false",
                "a**z | a.b.z | true",
                "?at | .at | true",
                "[!a-c].x | d.x | true",
                "{a*,b}c | a.b.c | true",
                "{a*,b}c | ac.d | false",
                "a\\*b | a*b | true",
            })
    void expression_withoutSeparator_starsCrossDots(String glob, String text, boolean matches) {
        assertThat(Pattern.compile(Glob.expression(glob)).matcher(text).find()).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a", "a}", "[a", "[]", "[!]", "a\\"})
    void of_whatIsNone_isRefused(String glob) {
        assertThatThrownBy(() -> Glob.of(glob, '.')).isInstanceOf(PatternSyntaxException.class);
    }
}
