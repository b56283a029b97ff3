package weir.transport.tls;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentId;
import weir.telemetry.Counter;
import weir.telemetry.Metrics;

/**
 * TLS from a section of a pipeline file, read again from its files when they change; connections that stand stay as they
 * are. When new files cannot be used, the former ones stay in use and a warning is logged.
 *
 * <p>Metrics, with the component's kind and id: {@code weir_tls_certificate_expiry_seconds} (Unix time at which the first
 * certificate of the chain ends), {@code weir_tls_reloads} and {@code weir_tls_reload_failures}.
 */
public final class TlsContext implements AutoCloseable {
    /** ALPN of HTTP/2, which gRPC needs. */
    public static final String H2 = "h2";

    /** ALPN of HTTP/1.1. */
    public static final String HTTP_1_1 = "http/1.1";

    private static final List<String> TLS_13_SUITES =
            List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

    /**
     * Whose TLS it is.
     *
     * @param kind as in its metrics: receiver
     * @param timer on which its files are looked at
     */
    public record Owner(String kind, ComponentId id, Metrics metrics, Timer timer) {
        static Owner of(ComponentContext component) {
            return new Owner(component.kind(), component.id(), component.metrics(), component.timer());
        }
    }

    /** Reads the files that a section names. */
    @FunctionalInterface
    private interface Source {
        TlsFiles read() throws IOException;
    }

    /** Makes a context of their content. */
    @FunctionalInterface
    private interface Maker {
        SslContext make(TlsFiles files) throws IOException, GeneralSecurityException;
    }

    private final Source source;
    private final Maker maker;
    private final System.Logger log;
    private final Counter reloads;
    private final Counter failures;
    private final AtomicBoolean reading = new AtomicBoolean();
    private final ReloadingSslContext context;
    private final Timer.@Nullable Cancellable polling;

    private TlsFiles files;
    private volatile long expirySeconds;

    /** What the last reload failed for, so that it is logged once and not at each look. */
    private String lastFailure = "";

    private TlsContext(Source source, Maker maker, Duration interval, Owner owner, String role) throws IOException {
        this.source = source;
        this.maker = maker;
        log = System.getLogger("weir." + owner.kind() + "." + owner.id());
        String[] labels = {"kind", owner.kind(), "component", owner.id().toString(), "tls", role};
        reloads = owner.metrics().counter("weir_tls_reloads", "Times that changed TLS files came into use", labels);
        failures = owner.metrics()
                .counter("weir_tls_reload_failures", "Times that TLS files could not be read again", labels);
        files = source.read();
        context = new ReloadingSslContext(make(files));
        if (files.hasKey()) {
            owner.metrics()
                    .gauge(
                            "weir_tls_certificate_expiry_seconds",
                            "Unix time at which the certificate in use ends",
                            () -> expirySeconds,
                            labels);
        }
        polling = interval.isZero() ? null : owner.timer().every(interval, this::poll);
    }

    /**
     * TLS of a listener.
     *
     * @param role tells several listeners of a component apart in metrics, such as {@code grpc}
     * @param protocols ALPN names, the preferred first
     * @throws IOException whose message names the option that is wrong
     */
    public static TlsContext server(
            TlsServerConfig config, ComponentContext component, String role, String... protocols) throws IOException {
        return new TlsContext(
                () -> TlsFiles.read(config),
                read -> server(config.common(), !config.clientCaFile().isEmpty(), read, protocols),
                interval(config),
                Owner.of(component),
                role);
    }

    /**
     * TLS of a listener for other processes of one's kind: it shows what this process shows them as their client, and asks of
     * them a certificate of the authorities that are trusted there.
     *
     * @param config with a certificate and authorities of its own
     * @throws IOException whose message names the option that is wrong
     */
    public static TlsContext peers(TlsClientConfig config, Owner owner, String role, String... protocols)
            throws IOException {
        return new TlsContext(
                () -> TlsFiles.read(config),
                read -> server(config.common(), true, read, protocols),
                config.common().reloadInterval(),
                owner,
                role);
    }

    /**
     * TLS of a client. It checks that the certificate is for the host that the engine was made for, unless
     * {@code insecure_skip_verify} is set.
     *
     * @throws IOException whose message names the option that is wrong
     */
    public static TlsContext client(
            TlsClientConfig config, ComponentContext component, String role, String... protocols) throws IOException {
        return new TlsContext(
                () -> TlsFiles.read(config),
                read -> client(config, read, protocols),
                config.common().reloadInterval(),
                Owner.of(component),
                role);
    }

    /** For Netty and grpc-java: stays the same object, makes its engines of what was read last. */
    public SslContext netty() {
        return context;
    }

    /** Looks at the files now; blocks. Returns whether they had changed and came into use. */
    public boolean reload() {
        if (!reading.compareAndSet(false, true)) {
            return false;
        }
        try {
            TlsFiles read = source.read();
            if (read.same(files)) {
                return false;
            }
            context.use(make(read));
            files = read;
            lastFailure = "";
            reloads.increment();
            log.log(Level.INFO, "new TLS files are in use for new connections");
            return true;
        } catch (IOException e) {
            failures.increment();
            String failure = String.valueOf(e.getMessage());
            if (!failure.equals(lastFailure)) {
                lastFailure = failure;
                log.log(Level.WARNING, "TLS files changed but cannot be used, the former stay in use: " + failure);
            }
            return false;
        } finally {
            reading.set(false);
        }
    }

    @Override
    public void close() {
        if (polling != null) {
            polling.cancel();
        }
    }

    private void poll() {
        Thread.ofVirtual().name("weir-tls-reload").start(this::reload);
    }

    private SslContext make(TlsFiles read) throws IOException {
        try {
            SslContext made = maker.make(read);
            if (read.hasKey()) {
                expirySeconds =
                        read.readChain().getFirst().getNotAfter().toInstant().getEpochSecond();
            }
            return made;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("tls: the certificate and key cannot be used together: " + e.getMessage(), e);
        }
    }

    private static Duration interval(TlsServerConfig config) {
        Duration interval = config.common().reloadInterval();
        return interval.isZero() && config.clientCaFileReload() ? Duration.ofSeconds(5) : interval;
    }

    private static SslContext server(TlsConfig config, boolean mutual, TlsFiles files, String... protocols)
            throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = files.readChain();
        SslContextBuilder builder = SslContextBuilder.forServer(files.readKey(), chain.toArray(new X509Certificate[0]));
        if (mutual) {
            builder.trustManager(trust(files.readAuthorities())).clientAuth(ClientAuth.REQUIRE);
        }
        return finish(builder, config, protocols);
    }

    private static SslContext client(TlsClientConfig config, TlsFiles files, String... protocols)
            throws IOException, GeneralSecurityException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        if (config.insecureSkipVerify()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm("");
        } else {
            builder.endpointIdentificationAlgorithm("HTTPS");
            if (files.hasAuthorities()) {
                List<X509Certificate> authorities = new ArrayList<>(files.readAuthorities());
                if (config.includeSystemCaCertsPool()) {
                    authorities.addAll(systemAuthorities());
                }
                builder.trustManager(trust(authorities));
            }
        }
        if (files.hasKey()) {
            builder.keyManager(files.readKey(), files.readChain().toArray(new X509Certificate[0]));
        }
        return finish(builder, config.common(), protocols);
    }

    private static SslContext finish(SslContextBuilder builder, TlsConfig config, String... protocols)
            throws IOException {
        List<String> versions = new ArrayList<>();
        if (config.maxVersion().equals("1.3")) {
            versions.add("TLSv1.3");
        }
        if (config.minVersion().equals("1.2")) {
            versions.add("TLSv1.2");
        }
        Set<String> ciphers = new LinkedHashSet<>(TLS_13_SUITES);
        ciphers.addAll(config.cipherSuites().isEmpty() ? Http2SecurityUtil.CIPHERS : config.cipherSuites());
        return builder.sslProvider(SslProvider.JDK)
                .protocols(versions)
                .ciphers(ciphers, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols))
                .build();
    }

    private static TrustManagerFactory trust(List<X509Certificate> authorities)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static List<X509Certificate> systemAuthorities() throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        List<X509Certificate> found = new ArrayList<>();
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                found.addAll(List.of(x509.getAcceptedIssuers()));
            }
        }
        return found;
    }
}
