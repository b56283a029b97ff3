package weir.rim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServiceArgumentsTest {
    @Test
    void parse_nothing_meansTheBuiltInFile() {
        assertThat(ServiceArguments.parse()).isEqualTo(new ServiceArguments(null, null, false, false, false, ""));
    }

    @Test
    void parse_bothWaysToGiveAValue_areUnderstood() {
        assertThat(ServiceArguments.parse("--config", "a.yaml", "--data=/var/lib/weir"))
                .isEqualTo(new ServiceArguments(Path.of("a.yaml"), Path.of("/var/lib/weir"), false, false, false, ""));
    }

    @Test
    void parse_flags_areUnderstood() {
        assertThat(ServiceArguments.parse("--check", "--until-stdin-ends"))
                .isEqualTo(new ServiceArguments(null, null, true, true, false, ""));
    }

    @Test
    void parse_valueMissing_saysWhichOption() {
        assertThat(ServiceArguments.parse("--config").complaint()).contains("--config needs a value");
    }

    @Test
    void parse_unknownOption_saysSo() {
        assertThat(ServiceArguments.parse("--confg", "a.yaml").complaint()).contains("'--confg' is no option");
    }
}
