package weir.transport.tls;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.config.Secret;

/** The {@code tls} section of a client. */
public record TlsClientConfig(
        @Option(doc = "Speak without TLS. For an endpoint that names a scheme, the scheme decides.")
        boolean insecure,

        @Option(doc = "Use TLS but trust any certificate. Protects against nobody who can stand in between.")
        boolean insecureSkipVerify,

        @Option(doc = "The name to ask for and to expect in the server's certificate, in place of the endpoint's host.")
        String serverNameOverride,

        @Option(doc = "Path of a PEM file with the authorities to trust; empty: those of the system.")
        String caFile,

        @Option(doc = "The authorities themselves, as PEM text, in place of `ca_file`.")
        String caPem,

        @Option(doc = "Trust the system's authorities besides those of `ca_file` or `ca_pem`.")
        boolean includeSystemCaCertsPool,

        @Option(doc = "Path of the PEM file with the client's certificate chain, for servers that ask for one.")
        String certFile,

        @Option(doc = "The client's certificate chain itself, as PEM text, in place of `cert_file`.")
        String certPem,

        @Option(doc = "Path of the PEM file with the client's private key: PKCS#8, PKCS#1 or SEC 1, not encrypted.")
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

    /** What an empty section means: TLS with the system's authorities. */
    public static final TlsClientConfig DEFAULT = new TlsClientConfig(
            false, false, "", "", "", false, "", "", "", null, "1.2", "1.3", List.of(), Duration.ofSeconds(5));

    /** The same without TLS. */
    public static final TlsClientConfig PLAINTEXT = new TlsClientConfig(
            true, false, "", "", "", false, "", "", "", null, "1.2", "1.3", List.of(), Duration.ofSeconds(5));

    @Override
    public void check(Complaints complaints) {
        TlsChecks.pair(complaints, certFile, certPem, keyFile, keyPem, false);
        TlsChecks.versions(complaints, minVersion, maxVersion);
        TlsChecks.interval(complaints, reloadInterval);
        if (!caFile.isEmpty() && !caPem.isEmpty()) {
            complaints.error("ca_pem", "ca_file and ca_pem are both set; keep one");
        }
        if (insecureSkipVerify && !insecure) {
            complaints.warning(
                    "insecure_skip_verify", "any certificate is trusted; set ca_file to the authority instead");
        }
    }
}
