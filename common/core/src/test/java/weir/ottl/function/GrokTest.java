package weir.ottl.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GrokTest {
    static Stream<String> known() {
        return Grok.known().stream();
    }

    @ParameterizedTest
    @MethodSource("known")
    void compile_eachPatternThatIsKnown_isOne(String name) {
        assertThat(Grok.compile("%{" + name + ":it}", false, Map.of()).keys()).startsWith("it");
    }

    @Test
    void known_areTheGeneralOnes() {
        assertThat(Grok.known()).contains("WORD", "IP", "TIMESTAMP_ISO8601", "COMBINEDAPACHELOG", "SYSLOGLINE");
    }

    @Test
    void compile_groupsWithAndWithoutNames_countsThoseWithNames() {
        Grok grok = Grok.compile("[(](a)(?:b)(?P<x>c)\\((?<y___z>[])]+)\\Q(\\E(?i:D)", true, Map.of());

        assertThat(grok.keys()).isEqualTo(List.of("x", "y___z"));
        assertThat(grok.pattern().matches("(abc()](d")).isTrue();
        assertThat(grok.pattern().groupCount()).isEqualTo(2);
    }
}
