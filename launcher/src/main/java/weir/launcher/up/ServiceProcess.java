package weir.launcher.up;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One service as a process of its own, whose output goes to a file. Belongs to one thread. */
final class ServiceProcess {
    /** Ctrl-C reaches every process of the terminal at once; the launcher alone shall end the services, in their order. */
    private static final String IGNORE_INTERRUPTS = "trap '' INT; exec \"$@\"";

    /** The status of SIGTERM, which a service that is asked to end only has while it has nothing to drain yet. */
    private static final int BEFORE_IT_STARTED = 143;

    private static final int SHOWN_LOG_LINES = 15;

    private final String name;
    private final Process process;
    private final Path log;
    private final URI telemetry;
    private boolean endSaid;
    private boolean endedItself;

    private ServiceProcess(String name, Process process, Path log, URI telemetry) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.telemetry = telemetry;
    }

    /**
     * @param name as shown to people
     * @param service agent, gateway or allocator
     * @param arguments of the service
     * @param environment added to this process's own
     */
    static ServiceProcess start(
            Path home,
            Path data,
            String name,
            String service,
            int telemetryPort,
            List<String> arguments,
            Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", IGNORE_INTERRUPTS, name));
        command.add(home.resolve("weir").toString());
        command.add(service);
        command.addAll(arguments);
        // Should the launcher be killed, the pipe breaks and the service ends by itself.
        command.add("--until-stdin-ends");
        Path log = data.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        builder.environment().put("WEIR_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return new ServiceProcess(name, builder.start(), log, URI.create("http://127.0.0.1:" + telemetryPort));
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Whether it says of itself that it does its job. */
    boolean ready(HttpClient http) throws InterruptedException {
        return get(http, "/q/health/ready", 500).startsWith("200 ");
    }

    /** Its own metrics, as text; empty when it does not answer. */
    String metrics(HttpClient http) throws InterruptedException {
        String answer = get(http, "/metrics", 1000);
        return answer.startsWith("200 ") ? answer.substring(4) : "";
    }

    private String get(HttpClient http, String path, int timeoutMillis) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(telemetry.resolve(path))
                            .timeout(Duration.ofMillis(timeoutMillis))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (IOException e) {
            return "";
        }
    }

    /** A sentence when it has ended without being asked to, the first time this is asked for; else empty. */
    String unexpectedEnd() {
        if (endSaid || process.isAlive()) {
            return "";
        }
        endSaid = true;
        return name + " (process " + pid() + ") ended with status " + process.exitValue() + "; its output: " + log;
    }

    /** The end of what it wrote. */
    List<String> lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.subList(Math.max(0, lines.size() - SHOWN_LOG_LINES), lines.size());
        } catch (IOException e) {
            return List.of("(" + log + " cannot be read)");
        }
    }

    /** Asks it to drain and end. */
    void askToEnd() {
        endedItself = !process.isAlive();
        endSaid = true;
        process.destroy();
    }

    /**
     * Waits for its end; one that outlives the time is killed.
     *
     * @return a sentence when it was asked to end and did not end well; else empty
     */
    String awaitEnd(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            process.waitFor(1, TimeUnit.SECONDS);
            return name + " did not end within " + limit.toSeconds() + " s and was killed.";
        }
        int status = process.exitValue();
        return endedItself || status == 0 || status == BEFORE_IT_STARTED
                ? ""
                : name + " ended with status " + status + ".";
    }
}
