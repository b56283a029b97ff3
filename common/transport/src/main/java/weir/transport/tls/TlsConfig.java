package weir.transport.tls;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.config.Secret;

/** What the {@code tls} sections of clients and of listeners have in common: one's own certificate, and how TLS is spoken. */
public record TlsConfig(
        @Option(
                doc =
                        "Path of the PEM file with the own certificate and what chains it to its authority. A client needs"
                                + " one for servers that ask for it.")
        String certFile,

        @Option(doc = "The certificate chain itself, as PEM text, in place of `cert_file`.")
        String certPem,

        @Option(
                doc =
                        "Path of the PEM file with the certificate's private key: PKCS#8, PKCS#1 or SEC 1, not encrypted.")
        String keyFile,

        @Option(doc = "The private key itself, as PEM text, in place of `key_file`.") @Nullable
        Secret keyPem,

        @Option(doc = "Lowest TLS version: 1.2 or 1.3.", fallback = "1.2")
        String minVersion,

        @Option(doc = "Highest TLS version: 1.2 or 1.3.", fallback = "1.3")
        String maxVersion,

        @Option(
                doc =
                        "Names of the cipher suites to allow under TLS 1.2; empty: those that HTTP/2 allows. TLS 1.3 has its"
                                + " own, which are always allowed.")
        List<String> cipherSuites,

        @Option(
                doc = "How often the files are looked at for a change, from 1s. When they changed, new connections use"
                        + " them; when they cannot be used, the former ones stay and a warning is logged. 0s: never.",
                fallback = "5s")
        Duration reloadInterval)
        implements Checked {
    /** What an empty section means. */
    public static final TlsConfig DEFAULT =
            new TlsConfig("", "", "", null, "1.2", "1.3", List.of(), Duration.ofSeconds(5));

    private static final List<String> VERSIONS = List.of("1.2", "1.3");

    @Override
    public void check(Complaints complaints) {
        checkPair(complaints);
        checkVersions(complaints);
        if (reloadInterval.isNegative()
                || (!reloadInterval.isZero() && reloadInterval.compareTo(Duration.ofSeconds(1)) < 0)) {
            complaints.error("reload_interval", "must be 0s, for never, or at least 1s");
        }
    }

    /** Whether a certificate or a private key is set; then the other is, too. */
    boolean hasPair() {
        return hasCertificate() || hasKey();
    }

    private boolean hasCertificate() {
        return !certFile.isEmpty() || !certPem.isEmpty();
    }

    private boolean hasKey() {
        return !keyFile.isEmpty() || hasKeyPem();
    }

    private boolean hasKeyPem() {
        return keyPem != null && !keyPem.isEmpty();
    }

    private void checkPair(Complaints complaints) {
        if (!certFile.isEmpty() && !certPem.isEmpty()) {
            complaints.error("cert_pem", "cert_file and cert_pem are both set; keep one");
        }
        if (!keyFile.isEmpty() && hasKeyPem()) {
            complaints.error("key_pem", "key_file and key_pem are both set; keep one");
        }
        if (hasCertificate() && !hasKey()) {
            complaints.error("key_file", "a certificate is set but not its private key; set key_file or key_pem");
        } else if (hasKey() && !hasCertificate()) {
            complaints.error("cert_file", "a private key is set but not its certificate; set cert_file or cert_pem");
        }
    }

    private void checkVersions(Complaints complaints) {
        boolean known = true;
        if (!VERSIONS.contains(minVersion)) {
            complaints.error("min_version", "TLS version \"" + minVersion + "\" is not one of 1.2, 1.3");
            known = false;
        }
        if (!VERSIONS.contains(maxVersion)) {
            complaints.error("max_version", "TLS version \"" + maxVersion + "\" is not one of 1.2, 1.3");
            known = false;
        }
        if (known && minVersion.compareTo(maxVersion) > 0) {
            complaints.error("max_version", "max_version " + maxVersion + " is below min_version " + minVersion);
        }
    }
}
