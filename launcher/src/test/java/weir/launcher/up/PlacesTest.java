package weir.launcher.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {
    @Test
    void choose_everythingFree_givesTheDocumentedPorts() {
        Places places = Places.choose(_ -> true, _ -> "");

        assertThat(places.agent()).isEqualTo(new Places.Agent(4317, 4318, 8888));
        assertThat(places.gateways())
                .containsExactly(
                        new Places.Gateway("g1", 14317, 14318, 18889, 18888, 8085),
                        new Places.Gateway("g2", 24317, 24318, 28889, 28888, 8086));
        assertThat(places.allocator()).isEqualTo(new Places.Allocator(8090, 38888));
        assertThat(places.moved()).isEmpty();
        assertThat(places.console()).isEqualTo("http://localhost:8085");
    }

    @Test
    void choose_portTaken_givesTheNextOneAndSaysSo() {
        Places places = Places.choose(port -> port != 8085 && port / 10 != 431, port -> port == 8085 ? "x" : "y");

        assertThat(places.gateways()).extracting(Places.Gateway::console).containsExactly(8086, 8087);
        assertThat(places.moved())
                .containsExactly(
                        "ports 4317, 4318 are taken by y: see below for those used instead",
                        "port 8085 is taken by x: see below for those used instead");
    }

    @Test
    void choose_manyTaken_givesNoPortTwice() {
        Places places = Places.choose(port -> port > 40_000, _ -> "x");

        List<Integer> ports = new ArrayList<>(List.of(
                places.agent().grpc(),
                places.agent().http(),
                places.agent().telemetry(),
                places.allocator().http(),
                places.allocator().telemetry()));
        places.gateways()
                .forEach(g -> ports.addAll(List.of(g.grpc(), g.http(), g.prometheus(), g.telemetry(), g.console())));
        assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port > 40_000);
    }
}
