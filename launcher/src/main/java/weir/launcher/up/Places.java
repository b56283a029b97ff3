package weir.launcher.up;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import weir.transport.net.PortOwner;

/**
 * The ports, all of the loopback address, on which the services of one {@code weir up} listen.
 *
 * @param moved a sentence for each process that has ports which were wanted
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
        return choose(Places::free, PortOwner::of);
    }

    /** @param owner who listens on a port */
    static Places choose(IntPredicate free, IntFunction<String> owner) {
        Choice choice = new Choice(free, owner);
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
        return new Places(agent, List.copyOf(gateways), allocator, choice.moved());
    }

    private static final class Choice {
        private final IntPredicate free;
        private final IntFunction<String> owner;
        private final Set<Integer> given = new HashSet<>();
        private final Map<String, List<Integer>> taken = new LinkedHashMap<>();

        private Choice(IntPredicate free, IntFunction<String> owner) {
            this.free = free;
            this.owner = owner;
        }

        private int of(String what, int wanted) {
            for (int port = wanted; port < 65_536; port++) {
                if (!given.contains(port) && free.test(port)) {
                    if (port != wanted && !given.contains(wanted)) {
                        taken.computeIfAbsent(owner.apply(wanted), _ -> new ArrayList<>())
                                .add(wanted);
                    }
                    given.add(port);
                    return port;
                }
            }
            throw new IllegalStateException("no free port from " + wanted + " on for " + what);
        }

        private List<String> moved() {
            List<String> sentences = new ArrayList<>();
            taken.forEach((owner, ports) -> sentences.add(
                    (ports.size() == 1 ? "port " + ports.getFirst() + " is" : "ports " + join(ports) + " are")
                            + " taken by " + owner + ": see below for those used instead"));
            return List.copyOf(sentences);
        }

        private static String join(List<Integer> ports) {
            return ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
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
