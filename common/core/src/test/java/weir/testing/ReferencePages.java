package weir.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import weir.config.OptionSpec;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Components;
import weir.pipeline.file.ReferencePage;

/** Keeps {@code docs/reference/<service>.md} as the configuration records say. */
public final class ReferencePages {
    private ReferencePages() {}

    /**
     * Fails if a service's page is not what its components say, or an option has no text; writes it instead when the test
     * runs with {@code -Dupdate.docs=true}.
     *
     * @param docs the directory of the reference pages
     */
    public static void assertUpToDate(Path docs, Components components) throws IOException {
        for (ComponentFactory<?> factory : components.all()) {
            assertThat(OptionSpec.of(factory.configType()))
                    .as("options of " + factory.type())
                    .allSatisfy(o -> assertThat(o.doc()).as(o.name()).isNotBlank());
        }
        Path page = docs.resolve(components.service() + ".md");
        String expected = ReferencePage.markdown(components);
        if (Boolean.getBoolean("update.docs")) {
            Files.createDirectories(docs);
            Files.writeString(page, expected);
        }
        assertThat(page).as("run with -Dupdate.docs=true").isRegularFile();
        assertThat(Files.readString(page))
                .as(page + " is stale: run this test with -Dupdate.docs=true")
                .isEqualTo(expected);
    }
}
