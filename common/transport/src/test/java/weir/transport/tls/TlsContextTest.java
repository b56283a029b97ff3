package weir.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.pipeline.ComponentContext;
import weir.testing.Certificates;
import weir.testing.ManualTimer;
import weir.testing.TestContexts;
import weir.transport.http.HttpConnectionConfig;
import weir.transport.http.HttpHandler;
import weir.transport.http.HttpListener;
import weir.transport.http.HttpReply;
import weir.transport.http.HttpServerConfig;

class TlsContextTest {
    @TempDir
    static Path directory;

    private static Certificates authority;
    private static Certificates stranger;
    private static Certificates.Issued server;
    private static Certificates.Issued client;
    private static Certificates.Issued foreign;

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("receiver", "otlp", null, timer);

    @BeforeAll
    static void makeCertificates() throws Exception {
        authority = new Certificates(directory, "ca");
        stranger = new Certificates(directory, "stranger");
        server = authority.issue("server");
        client = authority.issue("client");
        foreign = stranger.issue("foreign");
    }

    private static TlsConfig config(Certificates.Issued own, String min, String max, Duration reload) {
        return new TlsConfig(own.certFile(), "", own.keyFile(), null, min, max, List.of(), reload);
    }

    private static TlsServerConfig serverConfig(Certificates.Issued issued, String clientCa) {
        return new TlsServerConfig(config(issued, "1.2", "1.3", Duration.ofSeconds(5)), clientCa, false);
    }

    private static TlsClientConfig clientConfig(String ca, Certificates.Issued issued, String min, String max) {
        return new TlsClientConfig(false, false, "", ca, "", false, config(issued, min, max, Duration.ZERO));
    }

    private static final Certificates.Issued NOBODY = new Certificates.Issued("", "");

    private HttpListener listen(TlsServerConfig tls) throws IOException {
        HttpHandler hello = (request, responder) -> responder.send(HttpReply.text(200, "hello"));
        HttpListener listener = new HttpListener(
                HttpServerConfig.forReading("http", "endpoint", "127.0.0.1:0", tls, HttpConnectionConfig.DEFAULT),
                context,
                hello);
        listener.start();
        return listener;
    }

    /** Speaks through Weir's own client side, driven by the JDK's socket; gives the server's certificate. */
    private X509Certificate call(HttpListener listener, TlsClientConfig config, String host) throws Exception {
        try (TlsContext tls = TlsContext.client(config, context, "client", TlsContext.HTTP_1_1)) {
            SSLEngine engine = tls.netty().newEngine(ByteBufAllocator.DEFAULT, host, 1);
            return EngineClient.get(engine, listener.address());
        }
    }

    @Test
    void handshake_trustedServer_isAnswered() throws Exception {
        try (HttpListener listener = listen(serverConfig(server, ""))) {
            X509Certificate shown =
                    call(listener, clientConfig(authority.authority(), NOBODY, "1.2", "1.3"), "localhost");

            assertThat(shown).isEqualTo(Certificates.read(server.certFile()));
        }
    }

    @Test
    void handshake_nameNotInCertificate_failsAtTheClient() throws Exception {
        try (HttpListener listener = listen(serverConfig(server, ""))) {
            assertThatThrownBy(() -> call(
                            listener, clientConfig(authority.authority(), NOBODY, "1.2", "1.3"), "elsewhere.example"))
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void handshake_serverOfAStranger_failsAtTheClient() throws Exception {
        try (HttpListener listener = listen(serverConfig(foreign, ""))) {
            assertThatThrownBy(() ->
                            call(listener, clientConfig(authority.authority(), NOBODY, "1.2", "1.3"), "localhost"))
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void handshake_insecureSkipVerify_takesAnyName() throws Exception {
        TlsClientConfig careless = new TlsClientConfig(false, true, "", "", "", false, TlsConfig.DEFAULT);
        try (HttpListener listener = listen(serverConfig(foreign, ""))) {
            assertThat(call(listener, careless, "elsewhere.example")).isNotNull();
        }
    }

    @Test
    void handshake_mutual_onlyWithACertificateOfTheAuthority() throws Exception {
        try (HttpListener listener = listen(serverConfig(server, authority.authority()))) {
            String ca = authority.authority();
            assertThat(call(listener, clientConfig(ca, client, "1.2", "1.3"), "localhost"))
                    .isNotNull();
            for (String version : List.of("1.2", "1.3")) {
                assertThatThrownBy(() -> call(listener, clientConfig(ca, NOBODY, version, version), "localhost"))
                        .as("no certificate, TLS " + version)
                        .isInstanceOf(IOException.class);
                assertThatThrownBy(() -> call(listener, clientConfig(ca, foreign, version, version), "localhost"))
                        .as("another authority's certificate, TLS " + version)
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void reload_filesChanged_newConnectionsGetTheNewCertificate() throws Exception {
        Certificates.Issued rotating = authority.issue("rotating");
        TlsClientConfig trusting = clientConfig(authority.authority(), NOBODY, "1.2", "1.3");
        try (TlsContext tls = TlsContext.server(serverConfig(rotating, ""), context, "http", TlsContext.HTTP_1_1)) {
            X509Certificate first = certificateOf(tls, trusting);
            assertThat(tls.reload()).isFalse();
            authority.issue("rotating");

            assertThat(tls.reload()).isTrue();

            assertThat(certificateOf(tls, trusting))
                    .isNotEqualTo(first)
                    .isEqualTo(Certificates.read(rotating.certFile()));
        }
        assertThat(context.metrics().value("weir_tls_reloads")).isEqualTo(1);
        assertThat(context.metrics().value("weir_tls_certificate_expiry_seconds", "tls", "http"))
                .isEqualTo((double) ((X509Certificate) Certificates.read(rotating.certFile()))
                        .getNotAfter()
                        .toInstant()
                        .getEpochSecond());
    }

    @Test
    void reload_unusableFile_keepsTheFormerAndCounts() throws Exception {
        Certificates.Issued issued = authority.issue("broken");
        TlsClientConfig trusting = clientConfig(authority.authority(), NOBODY, "1.2", "1.3");
        try (TlsContext tls = TlsContext.server(serverConfig(issued, ""), context, "http", TlsContext.HTTP_1_1)) {
            X509Certificate first = certificateOf(tls, trusting);
            Files.writeString(Path.of(issued.certFile()), "not a certificate");

            assertThat(tls.reload()).isFalse();
            assertThat(tls.reload()).isFalse();

            assertThat(certificateOf(tls, trusting)).isEqualTo(first);
            assertThat(context.metrics().value("weir_tls_reload_failures")).isEqualTo(2);
        }
    }

    @Test
    void close_stopsPolling() throws Exception {
        TlsContext tls = TlsContext.server(serverConfig(server, ""), context, "http", TlsContext.HTTP_1_1);
        assertThat(timer.planned()).isEqualTo(1);
        tls.close();
        assertThat(timer.planned()).isZero();
    }

    @Test
    void server_missingFile_namesTheOption() {
        Certificates.Issued absent = new Certificates.Issued("/nowhere/tls.crt", server.keyFile());
        assertThatThrownBy(() -> TlsContext.server(serverConfig(absent, ""), context, "http", "h2"))
                .isInstanceOf(IOException.class)
                .hasMessage("tls.cert_file: cannot read /nowhere/tls.crt: there is no such file");
    }

    private X509Certificate certificateOf(TlsContext tls, TlsClientConfig trusting) throws Exception {
        try (TlsContext other = TlsContext.client(trusting, context, "client", TlsContext.HTTP_1_1)) {
            return EngineClient.handshake(
                    other.netty().newEngine(ByteBufAllocator.DEFAULT, "localhost", 1),
                    tls.netty().newEngine(ByteBufAllocator.DEFAULT));
        }
    }
}
