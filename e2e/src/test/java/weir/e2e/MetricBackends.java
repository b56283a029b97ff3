package weir.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import weir.otlp.Signal;
import weir.testing.MetricPoint;

/** Backends of metrics over OTLP/HTTP on one port, each at a path of its own. Safe for any thread. */
final class MetricBackends implements AutoCloseable {
    /** As bytes: as objects they would take ten times the memory. */
    private final Map<String, List<byte[]>> arrived = new ConcurrentHashMap<>();

    private final OtlpHttpServer server = new OtlpHttpServer(this::take);

    int port() {
        return server.port();
    }

    private void take(String backend, Signal signal, byte[] request) {
        arrived.computeIfAbsent(backend, b -> new CopyOnWriteArrayList<>()).add(request);
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
        server.close();
    }
}
