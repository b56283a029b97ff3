package weir.load;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
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
                long before = Jcmd.liveHeapBytes(gateway.pid());
                long spansBefore = sender.acknowledged();
                awaitAcknowledged(sender, spansBefore + spans);
                sender.stop();
                long sent = sender.acknowledged() - spansBefore;
                double held = (double) (Jcmd.liveHeapBytes(gateway.pid()) - before) / sent;
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
}
