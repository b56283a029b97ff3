package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.load.Ports;

/**
 * Gateways that are the pods of a StatefulSet: the API has a pod for each, and a process does what the pod's container would.
 * Two headless services have them: {@code gateway}, whose EndpointSlices the controller writes with addresses that lead
 * nowhere, so that it is by their names that gateways are reached; and {@code direct}, whose slice is written here, by whose
 * addresses they are reached. The API refuses addresses of loopback unless a slice calls them names.
 */
final class StatefulGateways implements AutoCloseable {
    static final Duration GRACE = Duration.ofSeconds(10);
    static final Duration DECISION_WAIT = Duration.ofSeconds(4);
    private static final Duration A_WHILE = Duration.ofSeconds(30);
    /** A pod as the services have it. */
    private record Pod(String loopback, boolean ready) {}

    private final ControlPlane kubernetes;
    private final String namespace;
    private final String core;
    private final String slices;
    private final String roles;
    private final Path directory;
    private final Path hosts;
    private final int backendPort;
    private final int port = Ports.free();
    private final int[] telemetry;
    private final Map<Integer, Pod> pods = new TreeMap<>();
    private final Map<Integer, Service> processes = new TreeMap<>();
    private int addressesGiven;

    /**
     * Services without a gateway.
     *
     * @param namespace that is not there yet
     * @param most gateways that there may be
     */
    StatefulGateways(ControlPlane kubernetes, String namespace, Path directory, int most, int backendPort)
            throws Exception {
        this.kubernetes = kubernetes;
        this.namespace = namespace;
        this.core = "/api/v1/namespaces/" + namespace;
        this.slices = "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices";
        this.roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace;
        this.directory = directory;
        this.backendPort = backendPort;
        this.telemetry = Ports.free(most);
        this.hosts = directory.resolve("hosts");
        writeHosts();
        kubernetes.create(
                "/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}");
        kubernetes.create(core + "/services", """
                apiVersion: v1
                kind: Service
                metadata: {name: gateway}
                spec: {clusterIP: None, publishNotReadyAddresses: true, selector: {app: gateway}, ports: [{port: 4317}]}
                """);
        kubernetes.create(core + "/services", """
                apiVersion: v1
                kind: Service
                metadata: {name: direct}
                spec: {clusterIP: None, ports: [{port: 4317}]}
                """);
        kubernetes.create(slices, """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: direct, labels: {kubernetes.io/service-name: direct}}
                addressType: FQDN
                endpoints: []
                """);
        kubernetes.create(roles + "/roles", """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: weir-members}
                rules: [{apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get, list, watch]}]
                """);
        account("gateway");
        account("agent");
        account("stranger");
        allow("gateway");
        allow("agent");
    }

    private void account(String name) throws Exception {
        kubernetes.create(
                core + "/serviceaccounts", "{apiVersion: v1, kind: ServiceAccount, metadata: {name: " + name + "}}");
    }

    /** Lets a service account see who the members are. */
    void allow(String account) throws Exception {
        kubernetes.create(roles + "/rolebindings", """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: weir-members-%1$s}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: weir-members}
                subjects: [{kind: ServiceAccount, name: %1$s}]
                """.formatted(account));
    }

    /** A pod comes to be, with an address of its own, and is not ready. */
    void create(int i) throws Exception {
        kubernetes.create(core + "/pods", """
                apiVersion: v1
                kind: Pod
                metadata: {name: gateway-%1$d, labels: {app: gateway}}
                spec:
                  hostname: gateway-%1$d
                  subdomain: gateway
                  serviceAccountName: gateway
                  automountServiceAccountToken: false
                  containers: [{name: gateway, image: weir}]
                """.formatted(i));
        addressesGiven++;
        write(i, new Pod("127.0.1." + addressesGiven, false));
    }

    /** Says of a pod whether it is ready. */
    void ready(int i, boolean ready) throws Exception {
        write(i, new Pod(pod(i).loopback(), ready));
    }

    private Pod pod(int i) {
        Pod pod = pods.get(i);
        if (pod == null) {
            throw new IllegalStateException("there is no pod gateway-" + i);
        }
        return pod;
    }

    private void write(int i, Pod pod) throws Exception {
        pods.put(i, pod);
        writeHosts();
        String address = pod.loopback().replace("127.0", "10.244");
        kubernetes.patch(
                core + "/pods/gateway-" + i + "/status", """
                {"status": {"phase": "Running", "podIP": "%1$s", "podIPs": [{"ip": "%1$s"}],
                            "conditions": [{"type": "Ready", "status": "%2$s"}]}}
                """.formatted(address, pod.ready() ? "True" : "False"));
        writeSlice();
    }

    /** A pod is no more. It was on no node, so that nobody waits for a kubelet to end it. */
    void delete(int i) throws Exception {
        kubernetes.delete(core + "/pods/gateway-" + i);
        pods.remove(i);
        writeSlice();
    }

    /** As the cluster's DNS has them. */
    private void writeHosts() throws IOException {
        StringBuilder lines = new StringBuilder("127.0.0.1 localhost\n");
        pods.forEach((i, pod) -> lines.append("%s gateway-%d.gateway.%s\n".formatted(pod.loopback(), i, namespace)));
        Files.writeString(hosts, lines);
    }

    /** Like the controller does of a service that publishes addresses that are not ready. */
    private void writeSlice() throws Exception {
        List<String> endpoints = new ArrayList<>();
        pods.forEach((i, pod) -> endpoints.add("""
                {"addresses": ["%s"], "hostname": "gateway-%d",
                 "conditions": {"ready": true, "serving": %s, "terminating": false}}
                """.formatted(pod.loopback(), i, pod.ready())));
        kubernetes.patch(slices + "/direct", "{\"endpoints\": [" + String.join(", ", endpoints) + "]}");
    }

    /** Which version of the slices there is now. */
    String version() throws Exception {
        return kubernetes.get(slices).at("/metadata/resourceVersion").asText();
    }

    /** What a watch from a version begins with; empty if nothing has changed since. */
    String firstEventSince(String version) throws Exception {
        return kubernetes
                .get(slices + "?watch=true&timeoutSeconds=1&resourceVersion=" + version)
                .toString();
    }

    /** How many endpoints there are by the controller whose pods are not ready; it says of all that they are to be used. */
    long notServing() throws Exception {
        long count = 0;
        for (var slice : kubernetes
                .get(slices + "?labelSelector=kubernetes.io/service-name%3Dgateway")
                .path("items")) {
            for (var endpoint : slice.path("endpoints")) {
                assertThat(endpoint.at("/conditions/ready").asBoolean()).isTrue();
                count += endpoint.at("/conditions/serving").asBoolean() ? 0 : 1;
            }
        }
        return count;
    }

    /** Starts the process of a pod, without waiting. */
    Service start(int i) throws Exception {
        Map<String, String> environment = new HashMap<>(kubernetes.inPod(namespace, "gateway"));
        environment.put("WEIR_CONSOLE_PORT", "0");
        environment.put("WEIR_JAVA_OPTS", javaOptions());
        Service process = Service.start(
                "gateway",
                directory,
                telemetry[i],
                Fleet.file(
                        address(i),
                        "gateway-" + i,
                        "k8s: {service: gateway, ports: [%d], return_hostnames: true}".formatted(port),
                        "",
                        GRACE,
                        DECISION_WAIT,
                        backendPort),
                environment);
        processes.put(i, process);
        return process;
    }

    /** Has a JVM find names as this cluster's DNS does, which says for how long they hold. */
    String javaOptions() {
        return "-Djdk.net.hosts.file=" + hosts + " -Dsun.net.inetaddr.ttl=1";
    }

    /** Tells the process of a pod to stop, which it must do well. */
    void stop(int i) {
        Service process = processes.remove(i);
        if (process == null) {
            throw new IllegalStateException("gateway-" + i + " does not run");
        }
        assertThat(process.terminate(A_WHILE)).as("status of %s", process).isZero();
    }

    /** Those that run. */
    List<Service> all() {
        return List.copyOf(processes.values());
    }

    /** Where a gateway listens. */
    String address(int i) {
        return pod(i).loopback() + ":" + port;
    }

    int port() {
        return port;
    }

    String namespace() {
        return namespace;
    }

    @Override
    public void close() {
        processes.values().forEach(Program::close);
    }
}
