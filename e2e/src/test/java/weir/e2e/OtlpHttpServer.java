package weir.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import weir.otlp.Signal;

/** Many backends over OTLP/HTTP on one loopback port, each at a path of its own. */
final class OtlpHttpServer implements AutoCloseable {
    /** Learns of each request, from many threads at once. */
    @FunctionalInterface
    interface Taker {
        /**
         * @param backend its path, before that of the signal
         * @throws IOException if it is no such request: it is refused, and said why
         */
        void take(String backend, Signal signal, byte[] request) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Taker taker;

    OtlpHttpServer(Taker taker) {
        this.taker = taker;
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
            Signal signal = Arrays.stream(Signal.values())
                    .filter(s -> path.endsWith(s.httpPath()))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no signal's path: " + path));
            String backend = path.substring(1, path.length() - signal.httpPath().length());
            taker.take(backend, signal, exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        } catch (IOException e) {
            byte[] text = e.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(400, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
