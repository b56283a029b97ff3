package weir.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The process that is measured, started with a pipeline file of its own in a directory of its own. */
final class Subject implements AutoCloseable {
    private final Process process;

    private Subject(Process process) {
        this.process = process;
    }

    /**
     * Starts it, and waits until it listens.
     *
     * @param command without the pipeline file
     * @param port that the file has it listen on
     */
    static Subject start(List<String> command, boolean withData, String file, int port)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("weir-compare");
        Path pipeline = Files.writeString(directory.resolve("pipeline.yaml"), file);
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of("--config", pipeline.toString()));
        if (withData) {
            whole.addAll(List.of("--data", directory.toString()));
        }
        Path log = directory.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("WEIR_CONSOLE_PORT", "0");
        Subject subject = new Subject(builder.start());
        try {
            subject.awaitListening(port, log);
        } catch (IOException | InterruptedException | RuntimeException e) {
            subject.close();
            throw e;
        }
        return subject;
    }

    private void awaitListening(int port, Path log) throws IOException, InterruptedException {
        for (int i = 0; i < 300; i++) {
            if (!process.isAlive()) {
                throw new IllegalStateException("it ended: " + Files.readString(log));
            }
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException _) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("nothing listens: " + Files.readString(log));
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
