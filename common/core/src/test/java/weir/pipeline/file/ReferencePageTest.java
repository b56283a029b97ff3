package weir.pipeline.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.testing.FakeComponents;
import weir.testing.ReferencePages;

class ReferencePageTest {
    @Test
    void markdown_nestedOptions_areRowsOfTheirPaths() {
        assertThat(ReferencePage.markdown(new FakeComponents().components()))
                .contains("""
                        ### `in`

                        Also written `input`.

                        For traces, metrics, logs.

                        | option | type | default | live | what it does |
                        |---|---|---|---|---|
                        | `endpoint` | text | `localhost:1` |  | Where to listen. |
                        | `token` | secret |  |  | A secret. |
                        | `timeout` | duration | `5s` |  | How long to wait. |
                        | `fail` | text | unset |  | What to fail on: start, drain, close or consume. |
                        | `nested` | options | unset |  | More. |
                        | `nested.count` | whole number | `3` |  | How many. |
                        | `nested.enabled` | boolean | `true` |  | Whether. |
                        """)
                .contains("From traces to metrics.")
                .contains("| `metrics.readers[].pull.exporter.prometheus.port` | whole number | `8888` |");
    }

    @Test
    void assertUpToDate_stalePage_fails(@TempDir Path docs) throws Exception {
        assumeThat(Boolean.getBoolean("update.docs")).isFalse();
        var components = new FakeComponents().components();
        Files.writeString(docs.resolve("gateway.md"), ReferencePage.markdown(components));
        ReferencePages.assertUpToDate(docs, components);

        Files.writeString(docs.resolve("gateway.md"), "old");

        assertThatThrownBy(() -> ReferencePages.assertUpToDate(docs, components))
                .hasMessageContaining("is stale");
    }
}
