package weir.e2e;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import weir.otlp.Signal;

/** Backends over OTLP/HTTP on one port, each at a path of its own, that keep all they are sent. Safe for any thread. */
final class RecordingBackends implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, List<Message>> arrived = new ConcurrentHashMap<>();

    RecordingBackends() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Signal signal : Signal.values()) {
            server.createContext("/" + signal.label() + "/", exchange -> answer(signal, exchange));
        }
        server.setExecutor(threads);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(Signal signal, HttpExchange exchange) throws IOException {
        try {
            String path = exchange.getRequestURI().getPath();
            String backend = path.substring(1, path.length() - signal.httpPath().length());
            Message request =
                    RandomTelemetry.parse(signal, exchange.getRequestBody().readAllBytes());
            arrived.computeIfAbsent(backend, b -> Collections.synchronizedList(new ArrayList<>()))
                    .add(request);
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        } catch (InvalidProtocolBufferException e) {
            byte[] text = e.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(400, text.length);
            exchange.getResponseBody().write(text);
        } finally {
            exchange.close();
        }
    }

    /** What came to a backend, {@code traces/name}, since it was asked last. */
    List<Message> take(String backend) {
        List<Message> taken = arrived.remove(backend);
        return taken == null ? List.of() : taken;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
