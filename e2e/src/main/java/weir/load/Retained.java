package weir.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a gateway's heap holds for each span that it buffers: the difference that many undecided spans make to the live heap,
 * which is what a full collection leaves.
 */
@Command(
        name = "retained",
        mixinStandardHelpOptions = true,
        description = "Bytes of heap for each span that tail_sampling buffers.")
public final class Retained implements Callable<Integer> {
    private static final Pattern USED = Pattern.compile("used (\\d+)K \\[");

    @Option(names = "--spans", defaultValue = "300000", description = "how many spans to buffer")
    long spans;

    @Option(names = "--weir", defaultValue = "./weir", description = "the program")
    String weir = "./weir";

    public static void main(String[] args) {
        System.exit(new CommandLine(new Retained()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Shape shape = Shape.usual();
        int[] ports = Ports.free(3);
        try (Sink sink = new Sink(shape, 0)) {
            String file = Scenario.SAMPLING
                    .file(ports[0], ports[1], ports[2], sink.port(), sink.port())
                    .replace("decision_wait: 5s", "decision_wait: 600s");
            try (Subject gateway = Subject.start(List.of(weir, "gateway"), true, file, ports[0]);
                    Sender sender = new Sender(shape, List.of("127.0.0.1:" + ports[0]), 4, 50_000, 1)) {
                awaitAcknowledged(sender, spans / 10);
                long before = liveHeapBytes(gateway.pid());
                long spansBefore = sender.acknowledged();
                awaitAcknowledged(sender, spansBefore + spans);
                sender.stop();
                long sent = sender.acknowledged() - spansBefore;
                double held = (double) (liveHeapBytes(gateway.pid()) - before) / sent;
                double received = (double) sender.requestBytes() / shape.perRequest();
                if (sink.spans() > 0) {
                    System.err.println("the buffer decided early: there is no room for so many spans");
                    return 1;
                }
                System.out.printf(
                        "%,d spans of %.1f bytes: %.1f bytes of heap each, %.2f times what was received%n",
                        sent, received, held, held / received);
            }
        }
        return 0;
    }

    private static void awaitAcknowledged(Sender sender, long enough) throws InterruptedException {
        while (sender.acknowledged() < enough) {
            Thread.sleep(10);
        }
    }

    /** Asks the process itself, by the JDK's jcmd. */
    private static long liveHeapBytes(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        long kibibytes = 0;
        while (used.find()) {
            kibibytes += Long.parseLong(used.group(1));
        }
        return kibibytes << 10;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(System.getProperty("java.home") + "/bin/jcmd", Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IllegalStateException("jcmd " + command + ": " + said);
        }
        return said;
    }
}
