package weir.connector.spanmetrics;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.config.Binder;
import weir.config.Position;
import weir.config.Problem;
import weir.config.Problems;
import weir.config.YamlReader;

/** Configurations as a file has them. */
final class Configs {
    private Configs() {}

    static SpanMetricsConfig of(String yaml) {
        Problems problems = new Problems("test.yaml", yaml);
        SpanMetricsConfig config = bind(problems, yaml);
        if (config == null || problems.failed()) {
            throw new IllegalArgumentException(problems.sorted().toString());
        }
        return config;
    }

    /** What is said against one. */
    static List<String> complaints(String yaml) {
        Problems problems = new Problems("test.yaml", yaml);
        bind(problems, yaml);
        return problems.sorted().stream().map(Problem::message).toList();
    }

    private static @Nullable SpanMetricsConfig bind(Problems problems, String yaml) {
        return new Binder(problems, path -> null)
                .bind(
                        SpanMetricsConfig.class,
                        Objects.requireNonNull(YamlReader.read(problems, yaml)),
                        Position.FILE,
                        "connectors.span_metrics");
    }
}
