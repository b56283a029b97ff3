package weir.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs Weir and the collector with the same pipeline file under the same load, in turn, so that a machine whose speed drifts
 * does so for both; prints medians and their ratio.
 */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Measures Weir beside the collector, in turn, on loopback.")
public final class Compare implements Callable<Integer> {
    /** Spans between the judge's two ends, 64 requests of the usual size. */
    private static final long MOST_AHEAD = 64 * 512;

    @Parameters(description = "scenarios: ${COMPLETION-CANDIDATES}; none: all", arity = "0..*")
    List<Scenario> scenarios = List.of();

    @Option(names = "--runs", defaultValue = "3", description = "runs of each, of which the median is told")
    int runs;

    @Option(names = "--warm-up", defaultValue = "30", description = "seconds of load before figures are taken")
    int warmUpSeconds;

    @Option(names = "--for", defaultValue = "20", description = "seconds that figures are taken over")
    int seconds;

    @Option(names = "--weir", defaultValue = "./weir", description = "the program")
    String weir = "./weir";

    @Option(
            names = "--collector",
            description = "the collector's program; none: only Weir is measured",
            defaultValue = "")
    String collector = "";

    /** One measurement, in the units of the table that is printed. */
    record Figures(double spansPerCoreSecond, double spansPerSecond, double cores, double rssMib, String trouble) {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Compare())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        System.out.println("| scenario | | spans per core-second | spans per second | cores | resident MiB | |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (Scenario scenario : scenarios.isEmpty() ? List.of(Scenario.values()) : scenarios) {
            List<Figures> ofWeir = new ArrayList<>();
            List<Figures> ofCollector = new ArrayList<>();
            for (int run = 0; run < runs; run++) {
                ofWeir.add(measure(scenario, true));
                if (!collector.isEmpty() && scenario.collectorHasIt()) {
                    ofCollector.add(measure(scenario, false));
                }
            }
            print(scenario, "Weir", ofWeir);
            if (!ofCollector.isEmpty()) {
                print(scenario, "collector", ofCollector);
                double ratio =
                        median(ofWeir, Figures::spansPerCoreSecond) / median(ofCollector, Figures::spansPerCoreSecond);
                System.out.printf("| %s | ratio | **%.1f x** | | | | |%n", scenario.label(), ratio);
            }
        }
        return 0;
    }

    private static void print(Scenario scenario, String who, List<Figures> figures) {
        System.out.printf(
                "| %s | %s | %,.0f (%s) | %,.0f | %.3f | %.0f | %s |%n",
                scenario.label(),
                who,
                median(figures, Figures::spansPerCoreSecond),
                String.join(
                        ", ",
                        figures.stream()
                                .map(f -> "%.2f M".formatted(f.spansPerCoreSecond() / 1e6))
                                .toList()),
                median(figures, Figures::spansPerSecond),
                median(figures, Figures::cores),
                median(figures, Figures::rssMib),
                figures.stream()
                        .map(Figures::trouble)
                        .filter(t -> !t.isEmpty())
                        .findFirst()
                        .orElse(""));
    }

    private interface Figure {
        double of(Figures figures);
    }

    private static double median(List<Figures> figures, Figure figure) {
        double[] values = figures.stream().mapToDouble(figure::of).sorted().toArray();
        return values.length % 2 == 1
                ? values[values.length / 2]
                : (values[values.length / 2 - 1] + values[values.length / 2]) / 2;
    }

    private Figures measure(Scenario scenario, boolean ofWeir) throws IOException, InterruptedException {
        List<String> command = ofWeir ? List.of(weir, scenario.service()) : List.of(collector);
        int[] ports = Ports.free(3);
        try (Sink first = new Sink(scenario.shape(), 0);
                Sink second = new Sink(scenario.shape(), 0)) {
            String file = scenario.file(ports[0], ports[1], ports[2], first.port(), second.port());
            try (Subject subject = Subject.start(command, ofWeir, file, ports[0])) {
                String address = scenario.overHttp() ? "http://127.0.0.1:" + ports[1] : "127.0.0.1:" + ports[0];
                return load(scenario, subject.pid(), address, List.of(first, second), ofWeir);
            }
        }
    }

    private Figures load(Scenario scenario, long pid, String address, List<Sink> sinks, boolean ofWeir)
            throws IOException, InterruptedException {
        double rate = scenario.rate(ofWeir);
        try (Sender sender = new Sender(scenario.shape(), List.of(address), 4, rate, 1)) {
            if (!scenario.samples()) {
                sender.keepWithin(
                        MOST_AHEAD, () -> sinks.stream().mapToLong(Sink::spans).sum());
            }
            Thread.sleep(1000L * warmUpSeconds);
            ProcessUsage before = ProcessUsage.of(pid);
            long sentBefore = sender.acknowledged();
            long begin = System.nanoTime();
            Thread.sleep(1000L * seconds);
            ProcessUsage after = ProcessUsage.of(pid);
            double took = (System.nanoTime() - begin) / 1e9;
            long sent = sender.acknowledged() - sentBefore;
            long refusals = sender.refusals();
            sender.stop();
            double cpu = after.cpuSeconds() - before.cpuSeconds();
            String trouble = "";
            if (scenario.samples() || sinks.size() > 1) {
                Thread.sleep(1000L * scenario.settleSeconds());
            }
            long arrived = sinks.stream().mapToLong(Sink::spans).sum();
            if (!scenario.samples() && arrived != sender.acknowledged()) {
                trouble = "%,d of %,d spans arrived".formatted(arrived, sender.acknowledged());
            }
            if (scenario.samples()) {
                Account account = sinks.getFirst().account(sender.traces(), sender.unacknowledged(), false);
                if (account.incomplete() + account.tracesSplit() > 0) {
                    trouble = "%,d of %,d traces that must arrive did not, whole"
                            .formatted(account.incomplete(), account.mustArrive());
                }
            }
            if (refusals > 0) {
                trouble += " %,d refusals".formatted(refusals);
            }
            return new Figures(sent / cpu, sent / took, cpu / took, after.rssBytes() / 1048576.0, trouble.strip());
        }
    }
}
