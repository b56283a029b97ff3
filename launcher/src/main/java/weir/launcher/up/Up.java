package weir.launcher.up;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The command: starts everything, shows one line, and takes everything down when interrupted or when the time is up. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Run agent, two gateways and allocator on this machine, with sample traffic, until Ctrl-C.")
public final class Up implements Callable<Integer> {
    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Seconds.class,
            description = "End after this long, such as 30s or 5m.")
    private @Nullable Duration limit;

    @Option(names = "--no-samples", description = "Start without the sample traffic.")
    private boolean withoutSamples;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep pipeline files, logs and data here; else in a new directory that goes away at the end.")
    private @Nullable Path data;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("weir.home", "."));
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        // Ctrl-C and SIGTERM: the hook holds the process until everything has been taken down in order.
        Thread hook = new Thread(() -> {
            stop.countDown();
            awaitQuietly(stopped);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        boolean temporary = data == null;
        Path directory = directory();
        Terminal terminal = terminal();
        int status = 0;
        try (StartTurn turn = StartTurn.await(terminal)) {
            LocalWeir weir = new LocalWeir(home, directory, Places.choose(), !withoutSamples, terminal);
            try {
                if (weir.start(stop)) {
                    turn.end();
                    weir.watch(stop, limit);
                } else {
                    status = 1;
                }
            } finally {
                if (!weir.end()) {
                    status = 1;
                }
                if (temporary) {
                    delete(directory);
                }
            }
            if (stop.getCount() == 0) {
                // The JVM is ending already, with the status of the signal; a run that was stopped on request went
                // well. The hook still waits, so nobody is faster.
                System.out.flush();
                Runtime.getRuntime().halt(status);
            }
            return status;
        } finally {
            stopped.countDown();
        }
    }

    private Path directory() throws IOException {
        if (data != null) {
            return Files.createDirectories(data);
        }
        try {
            return Files.createTempDirectory("weir-up-");
        } catch (IOException e) {
            throw new IOException("cannot make a directory for this run (" + e + "); name one by --data DIR", e);
        }
    }

    private static Terminal terminal() {
        PrintStream out = System.out;
        return new Terminal(out, Boolean.getBoolean("weir.terminal"));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    static final class Seconds implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Duration.parse("PT" + text);
        }
    }
}
