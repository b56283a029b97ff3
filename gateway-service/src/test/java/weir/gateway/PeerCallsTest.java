package weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.gateway.ownership.Peer;
import weir.otlp.Signal;
import weir.pipeline.ToldDecisions;
import weir.telemetry.Metrics;
import weir.testing.TestContexts;
import weir.transport.client.GrpcSettings;
import weir.transport.tls.TlsClientConfig;

/** What one gateway tells, and another one answers, by the contract: a server of quarkus-grpc of its own, over a connection. */
@QuarkusTest
@TestProfile(PeerCallsTest.WithPeers.class)
class PeerCallsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String SAMPLER = "traces tail_sampling";

    /** The port, as Quarkus loads this class and the profile apart. */
    private static final String PORT = "weir.test.peers.port";

    /** A gateway with the section {@code peers}, as its main method starts it. */
    public static final class WithPeers implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                System.setProperty(PORT, String.valueOf(socket.getLocalPort()));
                return Map.of(
                        "weir.config",
                        "src/test/resources/peers.yaml",
                        "weir.data",
                        Files.createTempDirectory("weir-peers").toString(),
                        "quarkus.grpc.server.use-separate-server",
                        "true",
                        "quarkus.grpc.server.host",
                        "127.0.0.1",
                        "quarkus.grpc.server.test-port",
                        String.valueOf(socket.getLocalPort()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final Metrics metrics;
    private final int port;
    private final Peer peer;

    @Inject
    PeerCallsTest(Metrics metrics) throws IOException {
        this.metrics = metrics;
        this.port = Integer.getInteger(PORT);
        this.peer = peer(port);
    }

    private double before;

    @BeforeEach
    void look() {
        before = heard();
    }

    @AfterEach
    void close() {
        peer.close();
    }

    @Test
    void tell_decisions_areRememberedOnce() throws Exception {
        long[] words = LongStream.range(0, 16_384).map(i -> i << 10 | 5).toArray();

        peer.tell(told(SAMPLER, 77, words), 1, TIMEOUT);
        peer.tell(told(SAMPLER, 77, words), 1, TIMEOUT);

        assertThat(heard() - before).isEqualTo(16_384);
    }

    @Test
    void tell_noSuchSampler_isAnError() {
        assertThatThrownBy(() -> peer.tell(told("traces other", 1, 3), 1, TIMEOUT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("NOT_FOUND")
                .hasMessageContaining("traces other");
    }

    @Test
    void tell_noDecision_isAnErrorAndNothingIsRemembered() {
        assertThatThrownBy(() -> peer.tell(told(SAMPLER, 1, 3, 4), 1, TIMEOUT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("INVALID_ARGUMENT: 0x4 is no decision");
        assertThat(heard()).isEqualTo(before);
    }

    @Test
    void tell_moreThanMayBeInAMessage_isAnError() {
        assertThatThrownBy(() -> peer.tell(told(SAMPLER, 1, new long[65_537]), 1, TIMEOUT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("INVALID_ARGUMENT: more than 65536");
    }

    @Test
    void tell_aMessageLargerThanAllowed_isAnError() {
        assertThatThrownBy(() -> peer.tell(told(SAMPLER, 1, new long[200_000]), 1, TIMEOUT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("RESOURCE_EXHAUSTED");
    }

    @Test
    void tell_nobodyThere_isAnErrorWithinTheTime() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(free).isNotEqualTo(port);
        try (Peer gone = peer(free)) {
            assertThatThrownBy(() -> gone.tell(told(SAMPLER, 1, 3), 1, TIMEOUT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("UNAVAILABLE");
        }
    }

    private double heard() {
        return metrics.value("weir_sampling_heard_decisions", "component", "tail_sampling");
    }

    private static Peer peer(int port) throws IOException {
        GrpcSettings settings = new GrpcSettings(
                "127.0.0.1:" + port,
                "none",
                TlsClientConfig.PLAINTEXT,
                Map.of(),
                TIMEOUT,
                false,
                "pick_first",
                null,
                "");
        return PeerCalls.open(TestContexts.of("processor", "ownership", Signal.TRACES), settings, "gateway-1");
    }

    private static ToldDecisions told(String sampler, long seed, long... words) {
        return new ToldDecisions("gateway-1", sampler, seed, List.of("errors", "slow"), words, Duration.ofSeconds(90));
    }
}
