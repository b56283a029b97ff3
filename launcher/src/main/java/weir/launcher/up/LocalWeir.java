package weir.launcher.up;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.launcher.samples.SampleShop;

/** The four services and the sample traffic of one {@code weir up}. Belongs to one thread. */
final class LocalWeir {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(5);

    private final Path home;
    private final Path data;
    private final Places places;
    private final boolean samples;
    private final Terminal terminal;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofMillis(500)).build();
    private final List<ServiceProcess> gateways = new ArrayList<>();
    private final List<ServiceProcess> others = new ArrayList<>();
    private @Nullable SampleShop shop;

    LocalWeir(Path home, Path data, Places places, boolean samples, Terminal terminal) {
        this.home = home;
        this.data = data;
        this.places = places;
        this.samples = samples;
        this.terminal = terminal;
    }

    /**
     * Starts everything and returns when it is ready, or when told to stop.
     *
     * @return false when a service did not start, which was said
     */
    boolean start(CountDownLatch stop) throws IOException, InterruptedException {
        long began = System.nanoTime();
        LocalFiles.write(places, data);
        startServices();
        ServiceProcess failed = awaitReady(stop);
        if (failed != null) {
            terminal.line(failed.name() + " did not start. The end of its output:");
            failed.lastLines().forEach(line -> terminal.line("  " + line));
            return false;
        }
        if (stop.getCount() > 0) {
            banner((System.nanoTime() - began) / 1e9);
            if (samples) {
                shop = SampleShop.open("http://127.0.0.1:" + places.agent().grpc());
            }
        }
        return true;
    }

    private void startServices() throws IOException {
        for (Places.Gateway gateway : places.gateways()) {
            String siblings = places.gateways().stream()
                    .map(g -> g.name() + "=http://127.0.0.1:" + g.console())
                    .collect(Collectors.joining(","));
            gateways.add(start(
                    gateway.name(),
                    "gateway",
                    gateway.telemetry(),
                    Map.of(
                            "WEIR_INSTANCE", gateway.name(),
                            "WEIR_CONSOLE_PORT", String.valueOf(gateway.console()),
                            "WEIR_CONSOLE_GATEWAYS", siblings)));
        }
        others.add(start("agent", "agent", places.agent().telemetry(), Map.of("WEIR_INSTANCE", "agent")));
        others.add(
                start("allocator", "allocator", places.allocator().telemetry(), Map.of("WEIR_INSTANCE", "allocator")));
    }

    private ServiceProcess start(String name, String service, int telemetryPort, Map<String, String> environment)
            throws IOException {
        List<String> arguments = List.of(
                "--config",
                data.resolve(name + ".yaml").toString(),
                "--data",
                data.resolve(name).toString());
        return ServiceProcess.start(home, data, name, service, telemetryPort, arguments, environment);
    }

    private List<ServiceProcess> all() {
        List<ServiceProcess> all = new ArrayList<>(others);
        all.addAll(gateways);
        return all;
    }

    /** Returns the service that ended or was not ready in time; null when all are ready, or when told to stop. */
    private @Nullable ServiceProcess awaitReady(CountDownLatch stop) throws InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        List<ServiceProcess> waiting = all();
        while (true) {
            for (ServiceProcess service : List.copyOf(waiting)) {
                if (!service.alive()) {
                    return service;
                }
                if (service.ready(http)) {
                    waiting.remove(service);
                }
            }
            if (waiting.isEmpty() || stop.await(50, TimeUnit.MILLISECONDS)) {
                return null;
            }
            if (System.nanoTime() > deadline) {
                return waiting.getFirst();
            }
        }
    }

    private void banner(double seconds) {
        terminal.line("Weir local · ready in " + String.format(Locale.ROOT, "%.1f s", seconds));
        places.moved().forEach(moved -> terminal.line("  note        " + moved));
        terminal.line("  console     " + places.console());
        terminal.line("  agent       localhost:" + places.agent().grpc() + " (OTLP/gRPC) :"
                + places.agent().http() + " (OTLP/HTTP) · telemetry :"
                + places.agent().telemetry());
        for (Places.Gateway gateway : places.gateways()) {
            terminal.line("  gateway " + gateway.name() + "  localhost:" + gateway.grpc() + " (OTLP/gRPC) :"
                    + gateway.http() + " (OTLP/HTTP) · metrics :" + gateway.prometheus() + " · telemetry :"
                    + gateway.telemetry());
        }
        terminal.line("  allocator   http://localhost:" + places.allocator().http() + " · telemetry :"
                + places.allocator().telemetry());
        terminal.line("  samples     "
                + (samples ? "5 services, about " + SampleShop.TRACES_PER_SECOND + " traces/s" : "off")
                + " · pipeline files and logs in " + data);
    }

    /** Says what flows until told to stop, or until the time is up. */
    void watch(CountDownLatch stop, @Nullable Duration limit) throws InterruptedException {
        long began = System.nanoTime();
        LiveLine line = new LiveLine();
        while (!stop.await(1, TimeUnit.SECONDS)) {
            for (ServiceProcess service : all()) {
                String end = service.unexpectedEnd();
                if (!end.isEmpty()) {
                    terminal.line("  " + end);
                }
            }
            Figures figures = Figures.NONE;
            for (ServiceProcess gateway : gateways) {
                figures = figures.plus(gateway.alive() ? gateway.metrics(http) : "");
            }
            long now = System.nanoTime();
            terminal.live("  now         " + line.say(now, figures), now);
            if (limit != null && now - began > limit.toNanos()) {
                return;
            }
        }
    }

    /**
     * Ends what sends before what receives, so that nothing is refused on the way down.
     *
     * @return false when a service could not pass on all that it held, which was said
     */
    boolean end() throws InterruptedException {
        terminal.endLive();
        if (shop != null) {
            shop.close();
        }
        boolean sendersEndedWell = end(others);
        boolean gatewaysEndedWell = end(gateways);
        http.close();
        return sendersEndedWell && gatewaysEndedWell;
    }

    private boolean end(List<ServiceProcess> services) throws InterruptedException {
        boolean well = true;
        services.forEach(ServiceProcess::askToEnd);
        for (ServiceProcess service : services) {
            String trouble = service.awaitEnd(DRAIN_LIMIT);
            if (!trouble.isEmpty()) {
                well = false;
                terminal.line(trouble + " The end of its output:");
                service.lastLines().forEach(line -> terminal.line("  " + line));
            }
        }
        return well;
    }
}
