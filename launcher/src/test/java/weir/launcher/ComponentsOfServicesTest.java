package weir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.agent.AgentComponents;
import weir.config.Problem;
import weir.gateway.GatewayComponents;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Components;
import weir.pipeline.Components.Kind;
import weir.pipeline.file.PipelineFiles;
import weir.testing.ReferencePages;

/** Holds what is written about the services' components to what they have. */
class ComponentsOfServicesTest {
    private static final Path PAGES = Path.of("..", "docs", "reference");

    static Stream<Components> services() {
        return Stream.of(AgentComponents.ALL, GatewayComponents.ALL);
    }

    @ParameterizedTest
    @MethodSource("services")
    void referencePage_ofEachService_isUpToDate(Components components) throws Exception {
        ReferencePages.assertUpToDate(PAGES, components);
    }

    @Test
    void load_componentOfTheOtherService_saysWhichHasIt() {
        assertToldWhere(AgentComponents.ALL, GatewayComponents.ALL);
        assertToldWhere(GatewayComponents.ALL, AgentComponents.ALL);
    }

    private static void assertToldWhere(Components here, Components there) {
        for (ComponentFactory<?> factory : there.all()) {
            Kind kind = Kind.of(factory);
            List<String> names = new ArrayList<>(factory.aliases());
            names.add(factory.type());
            for (String name : names) {
                if (here.find(kind, name) == null) {
                    String text = kind.section() + ": {" + name + ": }\n";
                    assertThat(PipelineFiles.load("f.yaml", text, here, variable -> null)
                                    .problems())
                            .extracting(Problem::message)
                            .contains("the " + kind.label() + " '" + name + "' is a component of the " + there.service()
                                    + ", this is the " + here.service());
                }
            }
        }
    }
}
