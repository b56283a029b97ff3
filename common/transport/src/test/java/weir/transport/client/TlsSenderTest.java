package weir.transport.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.testing.Certificates;
import weir.testing.TestContexts;
import weir.transport.compress.Encoding;
import weir.transport.tls.TlsClientConfig;
import weir.transport.tls.TlsConfig;

class TlsSenderTest {
    @TempDir
    private Path directory;

    private final ComponentContext context = TestContexts.of("exporter", "otlp", Signal.TRACES);
    private Certificates authority;
    private GrpcBackend backend;

    @BeforeEach
    void open() throws Exception {
        authority = new Certificates(directory, "authority");
        Certificates.Issued issued = authority.issue("backend");
        backend = new GrpcBackend(0, new File(issued.certFile()), new File(issued.keyFile()));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void consume_authorityIsTrusted_isSent() throws Exception {
        assertThat(send("localhost", trusting(authority.authority(), ""))).isEqualTo(Delivery.ACCEPTED);
    }

    @Test
    void consume_authorityIsUnknown_isNotSent() throws Exception {
        Certificates other = new Certificates(directory, "other");

        assertThat(send("localhost", trusting(other.authority(), ""))).isInstanceOf(Delivery.RetryLater.class);
        assertThat(backend.requests).isEmpty();
    }

    @Test
    void consume_certificateIsForAnotherName_isNotSent() throws Exception {
        assertThat(send("localhost", trusting(authority.authority(), "tempo.example.org")))
                .isInstanceOf(Delivery.RetryLater.class);
        assertThat(backend.requests).isEmpty();
    }

    @Test
    void consume_schemeHttp_speaksPlaintextToATlsBackendAndIsNotSent() throws Exception {
        assertThat(send("http://localhost", trusting(authority.authority(), "")))
                .isInstanceOf(Delivery.RetryLater.class);
        assertThat(backend.requests).isEmpty();
    }

    private Delivery send(String host, TlsClientConfig tls) throws Exception {
        GrpcSettings settings = new GrpcSettings(
                host + ":" + backend.port(),
                "none",
                tls,
                Map.of(),
                Duration.ofSeconds(5),
                false,
                "round_robin",
                null,
                "");
        try (GrpcSender sender = new GrpcSender(context, settings, "")) {
            sender.start();
            return Deliveries.of(sender, Deliveries.batch(Signal.TRACES));
        }
    }

    private static TlsClientConfig trusting(String authority, String serverName) {
        return new TlsClientConfig(false, false, serverName, authority, "", false, TlsConfig.DEFAULT);
    }

    @Test
    void consume_https_isSentToWhomTheAuthorityKnowsAndToNobodyElse() throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(serving(authority.issue("web"))));
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        Certificates other = new Certificates(directory, "other");
        try (HttpSender trusting = https(port, authority.authority(), "");
                HttpSender unknown = https(port, other.authority(), "");
                HttpSender misnamed = https(port, authority.authority(), "tempo.example.org")) {
            Batch batch = Deliveries.batch(Signal.TRACES);

            assertThat(Deliveries.of(trusting, batch)).isEqualTo(Delivery.ACCEPTED);
            assertThat(Deliveries.of(unknown, batch)).isInstanceOf(Delivery.RetryLater.class);
            assertThat(Deliveries.of(misnamed, batch)).isInstanceOf(Delivery.RetryLater.class);
        } finally {
            server.stop(0);
        }
    }

    private static SSLContext serving(Certificates.Issued issued) throws Exception {
        String pem = Files.readString(Path.of(issued.keyFile())).replaceAll("-----[A-Z ]+-----", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("web", key, new char[0], new Certificate[] {Certificates.read(issued.certFile())});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private HttpSender https(int port, String trusted, String serverName) throws IOException {
        HttpSender sender = new HttpSender(
                context,
                new HttpSettings(
                        HttpTarget.of("https://localhost:" + port, "", Signal.TRACES),
                        Encoding.NONE,
                        trusting(trusted, serverName),
                        Map.of(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(90)));
        sender.start();
        return sender;
    }
}
