package weir.match;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextPatternsTest {
    private static final List<String> ATOMS = List.of(
            "a",
            "b",
            "ab",
            "bb",
            "€",
            ".",
            ".*",
            "a*",
            "b+",
            "a?",
            "(a|b)",
            "(?:ab)",
            "[ab]",
            "[^a]",
            "[]a]",
            "\\.",
            "\\d",
            "\\w+",
            "a{2}",
            "{b}",
            "(ab|b1)",
            "(a|b)?",
            "b{0,2}",
            "[b.]",
            "(?:a|b|-)+",
            "(?P<x>a|)",
            "^",
            "$",
            "|",
            "(^a)",
            "x*?",
            "\\b",
            "(?i:A)",
            "\\\\",
            "-");
    private static final List<String> PIECES = List.of("a", "b", "€", ".", "\n", "1", "A", "{b}", "\\", "]", "-", "$");

    @RepeatedTest(20)
    void match_randomExpressions_asRe2Says(RepetitionInfo repetition) {
        SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
        int sound = 0;
        while (sound < 200) {
            String expression = random(ATOMS, random);
            Pattern pattern;
            try {
                pattern = Pattern.compile(expression);
            } catch (PatternSyntaxException e) {
                continue;
            }
            sound++;
            TextPatterns patterns = new TextPatterns(List.of(expression), random.nextInt(3));
            for (int i = 0; i < 30; i++) {
                String text = random(PIECES, random);
                byte[] b = ("ab" + text + "ba").getBytes(UTF_8);
                assertThat(patterns.match(b, 2, b.length - 2))
                        .as("`%s` in `%s`", expression, text)
                        .isEqualTo(pattern.matcher(text).find());
            }
        }
    }

    private static String random(List<String> pieces, SplittableRandom random) {
        StringBuilder made = new StringBuilder();
        for (int n = random.nextInt(7); n > 0; n--) {
            made.append(pieces.get(random.nextInt(pieces.size())));
        }
        return made.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "abc,             abc,  false, false, true",
        "^abc,            abc,  true,  false, true",
        "abc$,            abc,  false, true,  true",
        "^a\\.c$,         a.c,  true,  true,  true",
        ".*abc.*,         abc,  false, false, true",
        "/api/.*/pay,     /api/, false, false, false",
        "^/api/.*/pay,    /api/, true, false, false",
        "^/a/.*/(?:pay),  /pay, false, false, false",
        "api[.]shop,      api.shop, false, false, true",
        "(?P<n>ab+)cd?e,  ab,    false, false, false",
        "a?bcd,           bcd,  false, false, true",
        "(?i)abc,         '',   false, false, false",
        "[^abc]+,         '',   false, false, false"
    })
    void literals_ofExpression(String expression, String literal, boolean start, boolean end, boolean exact) {
        assertThat(Literals.of(expression)).singleElement().satisfies(f -> {
            assertThat(new String(f.literal(), UTF_8)).isEqualTo(literal);
            assertThat(f.atStart()).isEqualTo(start);
            assertThat(f.atEnd()).isEqualTo(end);
            assertThat(f.exact()).isEqualTo(exact);
        });
    }

    @Test
    void literals_ofAlternatives_areOneEach() {
        assertThat(texts("^(GET|PO.T|PUT)$")).containsExactly("GETtrue", "POfalse", "PUTtrue");
        assertThat(texts("^/api/v[0-9]+/(admin|debug)/.*")).containsExactly("/admin/false", "/debug/false");
        assertThat(texts("(a|b)(c|d)")).containsExactly("actrue", "adtrue", "bctrue", "bdtrue");
    }

    private static List<String> texts(String expression) {
        return Literals.of(expression).stream()
                .map(f -> new String(f.literal(), UTF_8) + f.exact())
                .toList();
    }
}
