package weir.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.gateway.ownership.Peer;
import weir.otlp.Signal;
import weir.pipeline.ToldDecisions;
import weir.telemetry.Metrics;
import weir.testing.Certificates;
import weir.testing.TestContexts;
import weir.testing.Waiting;
import weir.transport.client.GrpcSettings;
import weir.transport.tls.TlsClientConfig;
import weir.transport.tls.TlsConfig;

/** Who may call the server that other gateways call, by their certificates, and what it does when its own are renewed. */
@QuarkusTest
@TestProfile(PeerTlsTest.WithTls.class)
class PeerTlsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** A gateway whose section {@code peers} has TLS, as its main method starts it. */
    public static final class WithTls implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                Path directory = Files.createTempDirectory("weir-peers-tls");
                Certificates authority = new Certificates(directory, "ca");
                authority.issue("client");
                new Certificates(directory, "stranger").issue("foreign");
                return Map.of(
                        "weir.config",
                        withTls(directory, authority).toString(),
                        "weir.data",
                        directory.resolve("data").toString(),
                        "quarkus.grpc.server.use-separate-server",
                        "true",
                        "quarkus.grpc.server.host",
                        "127.0.0.1",
                        "quarkus.grpc.server.test-port",
                        String.valueOf(socket.getLocalPort()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private static Path withTls(Path directory, Certificates authority)
                throws IOException, GeneralSecurityException {
            Certificates.Issued server = authority.issue("server");
            Path trusted = Files.copy(Path.of(authority.authority()), directory.resolve("trusted.pem"));
            String tls = """
                    ca_file: %s
                              cert_file: %s
                              key_file: %s
                              reload_interval: 1s""".formatted(trusted, server.certFile(), server.keyFile());
            String file = Files.readString(Path.of("src/test/resources/peers.yaml"));
            return Files.writeString(directory.resolve("gateway.yaml"), file.replace("insecure: true", tls));
        }
    }

    private final Metrics metrics;
    private final int port;
    private final Path config;

    @Inject
    PeerTlsTest(
            Metrics metrics,
            @ConfigProperty(name = "quarkus.grpc.server.test-port") int port,
            @ConfigProperty(name = "weir.config") Path config) {
        this.metrics = metrics;
        this.port = port;
        this.config = config;
    }

    /** Which test comes last must not matter. */
    @AfterEach
    void tell_bothOfOneAuthority_isTaken() {
        Waiting.until(() -> taken("ca", "client"));
    }

    @Test
    void tell_noCertificate_isRefused() {
        assertRefused("ca", "");
    }

    @Test
    void tell_certificateOfAnotherAuthority_isRefused() {
        assertRefused("ca", "foreign");
    }

    @Test
    void tell_serverOfAnAuthorityThatIsNotTrusted_isNotTold() {
        assertRefused("stranger", "client");
    }

    @Test
    void tell_withoutTls_isRefused() {
        assertThatThrownBy(() -> tell(TlsClientConfig.PLAINTEXT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("UNAVAILABLE");
    }

    @Test
    void reload_filesOfAnotherAuthority_areUsedByNewConnections() throws Exception {
        Certificates other = new Certificates(config.resolveSibling(""), "other");
        other.issue("renewed");
        other.issue("peer");
        Files.copy(config.resolveSibling("other.pem"), config.resolveSibling("renewed-trusted.pem"));
        assertRefused("other", "peer");

        swap("server.pem", "renewed.pem");
        swap("server.key", "renewed.key");
        swap("trusted.pem", "renewed-trusted.pem");

        Waiting.until(() -> taken("other", "peer"));
        assertRefused("other", "client");
        assertRefused("ca", "peer");
        swap("server.pem", "renewed.pem");
        swap("server.key", "renewed.key");
        swap("trusted.pem", "renewed-trusted.pem");
    }

    @Test
    void reload_fileThatCannotBeUsed_leavesTheFormerAndCounts() throws Exception {
        double before = failures();
        Files.writeString(config.resolveSibling("nonsense.pem"), "nonsense");

        swap("server.pem", "nonsense.pem");

        Waiting.until(() -> failures() > before);
        tell(by("ca", "client"));
        swap("server.pem", "nonsense.pem");
    }

    private double failures() {
        return metrics.value("weir_tls_reload_failures", "component", "ownership", "tls", "peers");
    }

    /** Has two files change names, each in one move, as a mounted secret changes. */
    private void swap(String one, String other) throws IOException {
        Path aside = Files.copy(config.resolveSibling(one), config.resolveSibling("aside"));
        Files.move(config.resolveSibling(other), config.resolveSibling(one), StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, config.resolveSibling(other), StandardCopyOption.ATOMIC_MOVE);
    }

    private void assertRefused(String authority, String own) {
        assertThatThrownBy(() -> tell(by(authority, own)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("UNAVAILABLE");
    }

    private boolean taken(String authority, String own) {
        try {
            tell(by(authority, own));
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private TlsClientConfig by(String authority, String own) {
        String certificate =
                own.isEmpty() ? "" : config.resolveSibling(own + ".pem").toString();
        String key = own.isEmpty() ? "" : config.resolveSibling(own + ".key").toString();
        return new TlsClientConfig(
                false,
                false,
                "",
                config.resolveSibling(authority + ".pem").toString(),
                "",
                false,
                new TlsConfig(certificate, "", key, null, "1.2", "1.3", List.of(), Duration.ZERO));
    }

    private void tell(TlsClientConfig tls) throws IOException, InterruptedException {
        GrpcSettings settings =
                new GrpcSettings("127.0.0.1:" + port, "none", tls, Map.of(), TIMEOUT, false, "pick_first", null, "");
        try (Peer peer =
                PeerCalls.open(TestContexts.of("processor", "ownership", Signal.TRACES), settings, "gateway-1")) {
            ToldDecisions one = new ToldDecisions(
                    "gateway-1",
                    "traces tail_sampling",
                    77,
                    List.of("errors"),
                    new long[] {1 << 10 | 5},
                    Duration.ofSeconds(90));
            peer.tell(one, 1, TIMEOUT);
        }
    }
}
