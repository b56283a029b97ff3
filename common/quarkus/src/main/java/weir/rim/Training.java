package weir.rim;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A run for the JVM alone, which writes down in its ahead-of-time cache what a start needs. It is a start as any other, but on
 * ports that are free, and it is over when the service has answered for itself.
 */
final class Training {
    private static final String PORT = "quarkus.management.port";
    private static final int MILLIS = 120_000;
    private static final int HUNG = 1;

    private Training() {}

    /** The same plan on other ports; ends the process should all of it take too long. */
    static Plan of(Plan plan) {
        Thread watchdog = Thread.ofPlatform().name("weir-training").daemon().unstarted(() -> {
            try {
                Thread.sleep(MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(HUNG);
        });
        watchdog.start();
        System.setProperty("quarkus.http.port", "0");
        return new Plan(
                plan.usable(),
                plan.problems(),
                Optional.of(free()),
                plan.http().map(_ -> free()),
                plan.controlPlane().map(_ -> free()),
                plan.logLevel());
    }

    private static Plan.Address free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Plan.Address("127.0.0.1", socket.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException("there is no free port", e);
        }
    }

    /** Has the process answer what is first asked of every service. */
    static void ask() throws IOException {
        for (String path : List.of("/q/health/ready", "/metrics")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.getInteger(PORT));
                    InputStream in = socket.getInputStream()) {
                String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                in.readAllBytes();
            }
        }
    }
}
