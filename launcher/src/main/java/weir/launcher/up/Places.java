package weir.launcher.up;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ports, all of the loopback address, on which the services of one {@code weir up} listen.
 *
 * @param moved a sentence for each port that was wanted and taken
 */
record Places(Agent agent, List<Gateway> gateways, Allocator allocator, List<String> moved) {
    record Agent(int grpc, int http, int telemetry) {}

    /** @param prometheus where its Prometheus exporter serves what it holds */
    record Gateway(String name, int grpc, int http, int prometheus, int telemetry, int console) {}

    record Allocator(int http, int telemetry) {}

    /** The console's address: the first gateway's, which speaks for all of them. */
    String console() {
        return "http://localhost:" + gateways.getFirst().console();
    }

    /** The ports of the documentation, each replaced by the next free one where something else listens. */
    static Places choose() {
        return choose(Places::free);
    }

    static Places choose(java.util.function.IntPredicate free) {
        Choice choice = new Choice(free);
        Agent agent = new Agent(
                choice.of("agent OTLP/gRPC", 4317),
                choice.of("agent OTLP/HTTP", 4318),
                choice.of("agent telemetry", 8888));
        List<Gateway> gateways = new ArrayList<>();
        for (int n = 1; n <= 2; n++) {
            String name = "g" + n;
            gateways.add(new Gateway(
                    name,
                    choice.of(name + " OTLP/gRPC", 4317 + n * 10_000),
                    choice.of(name + " OTLP/HTTP", 4318 + n * 10_000),
                    choice.of(name + " Prometheus exporter", 8888 + n * 10_000 + 1),
                    choice.of(name + " telemetry", 8888 + n * 10_000),
                    choice.of(name + " console", 8084 + n)));
        }
        Allocator allocator = new Allocator(choice.of("allocator", 8090), choice.of("allocator telemetry", 38_888));
        return new Places(agent, List.copyOf(gateways), allocator, List.copyOf(choice.moved));
    }

    private static final class Choice {
        private final java.util.function.IntPredicate free;
        private final Set<Integer> given = new HashSet<>();
        private final List<String> moved = new ArrayList<>();

        private Choice(java.util.function.IntPredicate free) {
            this.free = free;
        }

        private int of(String what, int wanted) {
            for (int port = wanted; port < 65_536; port++) {
                if (!given.contains(port) && free.test(port)) {
                    given.add(port);
                    if (port != wanted) {
                        moved.add(what + ": port " + wanted + " is taken, using " + port);
                    }
                    return port;
                }
            }
            throw new IllegalStateException("no free port from " + wanted + " on for " + what);
        }
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // A port of a run that ended a moment ago is free, although the kernel still remembers its connections.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
