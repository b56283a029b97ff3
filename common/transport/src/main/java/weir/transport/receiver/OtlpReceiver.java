package weir.transport.receiver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Receiver;
import weir.transport.http.HttpListener;
import weir.transport.http.HttpServerConfig;
import weir.transport.net.ByteBudget;
import weir.transport.receiver.OtlpReceiverConfig.Http;
import weir.transport.receiver.OtlpReceiverConfig.Weir;

/**
 * Receives OTLP on the listeners that its section of the pipeline file names. On {@link #drain} clients are told to come back
 * later (which is to another process, or the next), what is in flight is answered, and then the connections are closed.
 */
final class OtlpReceiver implements Receiver {
    /** How long connections may take to close by themselves once nothing is in flight. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final ComponentContext context;
    private final InFlight inFlight = new InFlight();
    private final @Nullable GrpcListener grpc;
    private final @Nullable HttpListener http;

    OtlpReceiver(ComponentContext context, OtlpReceiverConfig config, Map<Signal, Consumer> next) {
        this.context = context;
        Weir limits = config.weir();
        var grpcConfig = config.protocols().grpc();
        var httpConfig = config.protocols().http();
        ByteBudget budget = new ByteBudget(
                limits.maxInFlightBytes(config.largestMessageBytes()),
                context.held(),
                context.metrics()
                        .counter(
                                "weir_listener_over_budget_requests",
                                "Requests refused for max_in_flight_mib",
                                HttpListener.labels(context, "all")));
        grpc = grpcConfig == null ? null : new GrpcListener(grpcConfig, limits, context, budget, intakes("grpc", next));
        http = httpConfig == null ? null : http(httpConfig, limits, budget, intakes("http", next));
    }

    private List<Intake> intakes(String transport, Map<Signal, Consumer> next) {
        List<Intake> intakes = new ArrayList<>();
        next.forEach((signal, consumer) -> intakes.add(new Intake(signal, transport, consumer, inFlight, context)));
        return intakes;
    }

    private HttpListener http(Http config, Weir limits, ByteBudget budget, List<Intake> intakes) {
        Map<String, Intake> byPath = new HashMap<>();
        for (Intake intake : intakes) {
            String path = switch (intake.signal()) {
                case TRACES -> config.tracesUrlPath();
                case METRICS -> config.metricsUrlPath();
                case LOGS -> config.logsUrlPath();
            };
            byPath.put(path, intake);
        }
        HttpServerConfig server = new HttpServerConfig(
                "http",
                "receivers." + context.id() + ".protocols.http.endpoint",
                config.endpoint(),
                config.tls(),
                config.maxBodyBytes(),
                config.encodings(),
                limits.handshakeTimeout(),
                config.connections().readHeaderTimeout(),
                limits.bodyTimeout(),
                config.connections().writeTimeout(),
                config.connections().idleTimeout(),
                config.connections().keepAlivesEnabled(),
                limits.connections(),
                16 << 10,
                budget.maxBytes());
        return new HttpListener(
                server, context, new OtlpHttp(Map.copyOf(byPath), inFlight, config.cors(), context), budget);
    }

    @Override
    public void start() throws IOException {
        if (grpc != null) {
            grpc.start();
        }
        if (http != null) {
            http.start();
        }
    }

    @Override
    public boolean drain(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        inFlight.stopEntering();
        if (http != null) {
            http.drain();
        }
        boolean none = inFlight.awaitNone(limit);
        if (grpc != null) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            grpc.shutdown(left.compareTo(GOODBYE) < 0 ? left : GOODBYE);
        }
        if (http != null) {
            http.stopAccepting();
        }
        return none;
    }

    @Override
    public void close() {
        inFlight.stopEntering();
        if (grpc != null) {
            grpc.close();
        }
        if (http != null) {
            http.close();
        }
    }

    /** Where it listens for gRPC. */
    InetSocketAddress grpcAddress() {
        if (grpc == null) {
            throw new IllegalStateException("no grpc");
        }
        return grpc.address();
    }

    /** Where it listens for HTTP. */
    InetSocketAddress httpAddress() {
        if (http == null) {
            throw new IllegalStateException("no http");
        }
        return http.address();
    }
}
