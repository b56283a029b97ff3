package weir.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import weir.otlp.Signal;
import weir.testing.MetricPoint;

/** Backends of metrics over OTLP/HTTP on one port, each at a path of its own. Safe for any thread. */
final class MetricBackends implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** As bytes: as objects they would take ten times the memory. */
    private final Map<String, List<byte[]>> arrived = new ConcurrentHashMap<>();

    MetricBackends() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String backend =
                    path.substring(1, path.length() - Signal.METRICS.httpPath().length());
            arrived.computeIfAbsent(backend, b -> new CopyOnWriteArrayList<>())
                    .add(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** How many requests a backend has received. */
    int requests(String backend) {
        return arrived.getOrDefault(backend, List.of()).size();
    }

    /** The points that it has received, in order. */
    List<MetricPoint> points(String backend) {
        List<MetricPoint> points = new ArrayList<>();
        try {
            for (byte[] request : arrived.getOrDefault(backend, List.of())) {
                points.addAll(MetricPoint.of(ExportMetricsServiceRequest.parseFrom(request)));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
        return points;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
