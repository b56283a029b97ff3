package weir.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import weir.otlp.Signal;

/** Backends over OTLP/HTTP on one port, each at a path of its own, that keep all they are sent. Safe for any thread. */
final class RecordingBackends implements AutoCloseable {
    private final Map<String, List<Message>> arrived = new ConcurrentHashMap<>();
    private final OtlpHttpServer server = new OtlpHttpServer(this::take);

    int port() {
        return server.port();
    }

    private void take(String backend, Signal signal, byte[] request) throws InvalidProtocolBufferException {
        Message message = RandomTelemetry.parse(signal, request);
        arrived.computeIfAbsent(backend, b -> Collections.synchronizedList(new ArrayList<>()))
                .add(message);
    }

    /** What came to a backend, {@code traces/name}, since it was asked last. */
    List<Message> take(String backend) {
        List<Message> taken = arrived.remove(backend);
        return taken == null ? List.of() : taken;
    }

    @Override
    public void close() {
        server.close();
    }
}
