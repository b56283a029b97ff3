package weir.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import weir.rim.Plan;

class BuiltInFileTest {
    private final AllocatorService service = new AllocatorService();

    @Test
    void plan_builtInFile_listensOnLoopbackOnly() throws IOException {
        Plan plan = service.plan("built-in", builtIn());

        assertThat(plan.problems()).isEmpty();
        assertThat(plan.usable()).isTrue();
        assertThat(plan.telemetry()).isEqualTo(Optional.of(new Plan.Address("127.0.0.1", 38888)));
        assertThat(plan.http()).isEqualTo(Optional.of(new Plan.Address("127.0.0.1", 8090)));
    }

    @Test
    void plan_wrongFile_saysWhatIsWrong() {
        Plan plan = service.plan("a.yaml", "config: {}\n");

        assertThat(plan.usable()).isFalse();
        assertThat(plan.problems()).contains("scrape_configs");
    }

    private String builtIn() throws IOException {
        try (InputStream in = AllocatorService.class.getClassLoader().getResourceAsStream(service.builtInFile())) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
