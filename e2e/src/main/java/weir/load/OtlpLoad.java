package weir.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command: one run, whose figures it prints as JSON. */
@Command(
        name = "otlpload",
        mixinStandardHelpOptions = true,
        description =
                "Sends numbered spans over OTLP, receives what comes out, and accounts for each trace and for the processes between.")
public final class OtlpLoad implements Callable<Integer> {
    @Option(
            names = "--target",
            split = ",",
            defaultValue = "127.0.0.1:4317",
            description = "HOST:PORT for gRPC, http://HOST:PORT for OTLP/HTTP")
    List<String> targets = List.of();

    @Option(
            names = "--listen",
            defaultValue = "-1",
            description = "port to receive OTLP/gRPC on, of loopback; none: do not receive")
    int listen;

    @Option(names = "--per-request", defaultValue = "512", description = "spans in a request")
    int perRequest;

    @Option(names = "--spans", defaultValue = "8", description = "spans in a trace, at most 64")
    int spans;

    @Option(names = "--spread", defaultValue = "4", description = "requests that a trace is spread over")
    int spread;

    @Option(names = "--resources", defaultValue = "4", description = "resources in a request")
    int resources;

    @Option(names = "--padding", defaultValue = "0", description = "bytes of an extra attribute on each span")
    int padding;

    @Option(names = "--senders", defaultValue = "4", description = "connections that send side by side")
    int senders;

    @Option(names = "--rate", defaultValue = "0", description = "spans a second in all; 0: as fast as answers come")
    double rate;

    @Option(names = "--warm-up", defaultValue = "15", description = "seconds before figures are taken")
    int warmUp;

    @Option(names = "--for", defaultValue = "20", description = "seconds that figures are taken over")
    int seconds;

    @Option(names = "--settle", defaultValue = "0", description = "seconds to wait for what is still inside at the end")
    int settle;

    @Option(names = "--seed", defaultValue = "1", description = "changes all trace ids")
    long seed;

    @Option(names = "--process", split = ",", description = "NAME=PID: processes whose cost to report")
    Map<String, Long> processes = Map.of();

    @Option(names = "--refuse-every", defaultValue = "0", description = "as receiver, refuse each n-th request for now")
    int refuseEvery;

    @Option(
            names = "--expect-all",
            description = "every trace must arrive; otherwise those with an error or a slow span must")
    boolean expectAll;

    public static void main(String[] args) {
        System.exit(new CommandLine(new OtlpLoad()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Shape shape = new Shape(perRequest, spans, spread, resources, 1, 1, padding);
        try (Sink sink = listen < 0 ? null : new Sink(shape, listen);
                Sender sender = new Sender(shape, targets, senders, rate, seed)) {
            if (sink != null) {
                sink.refuseEvery(refuseEvery);
            }
            Map<String, Object> report = measure(sender, sink);
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(System.out, report);
            System.out.println();
        }
        return 0;
    }

    private Map<String, Object> measure(Sender sender, @Nullable Sink sink) throws IOException, InterruptedException {
        Thread.sleep(1000L * warmUp);
        Map<String, ProcessUsage> before = usages();
        long begin = System.nanoTime();
        long sentBefore = sender.acknowledged();
        long gotBefore = sink == null ? 0 : sink.spans();
        Thread.sleep(1000L * seconds);
        Map<String, ProcessUsage> after = usages();
        double took = (System.nanoTime() - begin) / 1e9;
        long sent = sender.acknowledged() - sentBefore;
        long got = sink == null ? 0 : sink.spans() - gotBefore;
        sender.stop();
        Thread.sleep(1000L * settle);

        Map<String, Object> report = new LinkedHashMap<>();
        report.put("span_bytes", sender.requestBytes() / perRequest);
        report.put("spans_per_second", Math.round(sent / took));
        report.put("received_per_second", Math.round(got / took));
        Map<String, Object> costs = new LinkedHashMap<>();
        after.forEach((name, usage) -> costs.put(name, cost(usage, before.get(name), sent, took)));
        report.put("processes", costs);
        Map<String, Object> sentReport = new LinkedHashMap<>();
        sentReport.put("traces", sender.traces());
        sentReport.put("spans_acknowledged", sender.acknowledged());
        sentReport.put("refusals", sender.refusals());
        sentReport.put("spans_given_up", sender.givenUp());
        sentReport.put("errors", sender.errors());
        sentReport.put(
                "latency_ms",
                Map.of(
                        "p50",
                        sender.latencies().millis(.5),
                        "p99",
                        sender.latencies().millis(.99)));
        report.put("sent", sentReport);
        if (sink != null) {
            report.put("received", sink.account(sender.traces(), sender.unacknowledged(), expectAll));
        }
        return report;
    }

    private static Map<String, Object> cost(
            ProcessUsage after, @Nullable ProcessUsage before, long spans, double took) {
        double cpu = after.cpuSeconds() - (before == null ? 0 : before.cpuSeconds());
        Map<String, Object> cost = new LinkedHashMap<>();
        cost.put("cpu_seconds", cpu);
        cost.put("cores", cpu / took);
        cost.put("spans_per_core_second", Math.round(spans / cpu));
        cost.put("rss_mib", after.rssBytes() >> 20);
        cost.put("peak_rss_mib", after.peakRssBytes() >> 20);
        return cost;
    }

    private Map<String, ProcessUsage> usages() throws IOException {
        Map<String, ProcessUsage> usages = new LinkedHashMap<>();
        for (Map.Entry<String, Long> process : processes.entrySet()) {
            usages.put(process.getKey(), ProcessUsage.of(process.getValue()));
        }
        return usages;
    }
}
