package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A real API server of Kubernetes with the controller that writes EndpointSlices, as {@code e2e/peers/apiserver} starts them.
 * There is no kubelet: pods are what a test says of them.
 */
final class ControlPlane implements AutoCloseable {
    private static final Duration A_WHILE = Duration.ofSeconds(200);
    private static final Path SCRIPT = Program.ROOT.resolve("e2e/peers/apiserver");

    private final Path directory;
    private final Path ca;
    private final HttpClient client;
    private final String token;
    private final String server;

    /** Starts it with all its files in a directory. */
    ControlPlane(Path directory) throws Exception {
        for (String program : List.of("etcd", "kube-apiserver", "kube-controller-manager")) {
            Peers.path(program);
        }
        this.directory = directory;
        try {
            up();
        } catch (AssertionError e) {
            down();
            throw e;
        }
        ca = directory.resolve("certs/apiserver.crt");
        token = Files.readString(directory.resolve("tokens.csv")).split(",")[0];
        server = "https://127.0.0.1:"
                + Files.readString(directory.resolve("ports")).split(" ")[0];
        client = HttpClient.newBuilder().sslContext(trusting(ca)).build();
    }

    private static SSLContext trusting(Path certificates) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificates)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("certificate-" + store.size(), each);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Starts what does not run. */
    void up() {
        run("up", directory.toString());
    }

    /** Stops all of it; what was stored stays. */
    void down() {
        run("down", directory.toString());
    }

    private String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        try (Program script = new Program("apiserver", directory.resolve("script"), command, Map.of())) {
            assertThat(script.await(A_WHILE))
                    .as("%s: %s", command, script.stderr())
                    .isZero();
            return script.stdout().strip();
        }
    }

    /** The environment of a process in a pod of that namespace which runs as a service account. */
    Map<String, String> inPod(String namespace, String account) throws IOException {
        return Map.of(
                "KUBERNETES_SERVICE_HOST", URI.create(server).getHost(),
                "KUBERNETES_SERVICE_PORT", Integer.toString(URI.create(server).getPort()),
                "KUBERNETES_CERTS_CA_FILE", ca.toString(),
                "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN",
                        tokenFile(namespace, account).toString(),
                "KUBENAMESPACE",
                        Files.writeString(directory.resolve(namespace + ".namespace"), namespace)
                                .toString(),
                "KUBERNETES_AUTH_TRYKUBECONFIG", "false");
    }

    /** The environment of a process whose user has a kubeconfig, in which it is a service account. */
    Map<String, String> withKubeconfig(String namespace, String account) throws IOException {
        Path file = Files.writeString(directory.resolve(account + ".kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: peers, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: it, user: {token: "%s"}}]
                contexts: [{name: peers, context: {cluster: peers, user: it, namespace: %s}}]
                current-context: peers
                """.formatted(
                        server, ca, Files.readString(tokenFile(namespace, account)), namespace));
        return Map.of("KUBECONFIG", file.toString());
    }

    private Path tokenFile(String namespace, String account) throws IOException {
        String made = run("token", directory.toString(), namespace + "/" + account);
        assertThat(made).as("token of %s/%s", namespace, account).isNotEmpty();
        return Files.writeString(directory.resolve(account + ".token"), made);
    }

    JsonNode get(String path) throws Exception {
        return send("GET", path, "application/json", "");
    }

    /** Stores an object, written in YAML, in the collection that the path names. */
    JsonNode create(String path, String yaml) throws Exception {
        return send("POST", path, "application/yaml", yaml);
    }

    /** @param json a merge patch */
    void patch(String path, String json) throws Exception {
        send("PATCH", path, "application/merge-patch+json", json);
    }

    void delete(String path) throws Exception {
        send("DELETE", path, "application/json", "");
    }

    private JsonNode send(String method, String path, String type, String body) throws Exception {
        var response = client.send(
                request(path, token)
                        .header("Content-Type", type)
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode())
                .as("%s %s: %s", method, path, response.body())
                .isBetween(200, 299);
        return new ObjectMapper().readTree(response.body());
    }

    private HttpRequest.Builder request(String path, String bearer) {
        return HttpRequest.newBuilder(URI.create(server + path)).header("Authorization", "Bearer " + bearer);
    }

    @Override
    public void close() {
        client.close();
        down();
    }
}
