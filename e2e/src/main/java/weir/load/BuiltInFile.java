package weir.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The pipeline file that a gateway has when it is given none, as it stands in the sources, made measurable: on ports of a run, a
 * short wait as in the other scenarios, no compression, room for what waits in any of the subjects, and without Weir's own
 * options, which the collector refuses.
 */
final class BuiltInFile {
    private static final Path SOURCE = Path.of("gateway-service/src/main/resources/weir/gateway.yaml");

    private BuiltInFile() {}

    /**
     * @param backend port that kept traces go to
     * @throws UncheckedIOException unless the working directory is that of the sources
     */
    static String on(int grpc, int http, int telemetry, int backend) {
        String file;
        try {
            file = Files.readString(SOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String host = "${env:WEIR_OTLP_HOST:-127.0.0.1}";
        file = replace(file, host + ":14317", "127.0.0.1:" + grpc);
        file = replace(file, host + ":14318", "127.0.0.1:" + http);
        file = replace(file, host + ":8889", "127.0.0.1:0");
        file = replace(file, "${env:WEIR_TELEMETRY_HOST:-localhost}", "127.0.0.1");
        file = replace(file, "port: 18888", "port: " + telemetry);
        file = replace(
                file,
                "endpoint: ${env:WEIR_BACKEND:-127.0.0.1:4327}",
                "endpoint: 127.0.0.1:%d\n    compression: none".formatted(backend));
        file = replace(file, "limit_mib: 256", "limit_mib: 4096");
        file = replace(file, "decision_wait: 30s", "decision_wait: 5s\n    num_traces: 10000000");
        return file.replaceAll("(?m)^( +)weir:\\n(?:\\1 .*\\n)+", "");
    }

    private static String replace(String file, String what, String by) {
        if (!file.contains(what)) {
            throw new IllegalStateException(SOURCE + " has no \"" + what + "\" any more: change " + BuiltInFile.class);
        }
        return file.replace(what, by);
    }
}
