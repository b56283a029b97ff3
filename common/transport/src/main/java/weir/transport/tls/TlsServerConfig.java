package weir.transport.tls;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.config.Option;
import weir.config.Secret;

/** The {@code tls} section of a listener. */
public record TlsServerConfig(
        @Option(doc = "Path of the PEM file with the server's certificate and what chains it to its authority.")
        String certFile,

        @Option(doc = "The certificate chain itself, as PEM text, in place of `cert_file`.")
        String certPem,

        @Option(
                doc =
                        "Path of the PEM file with the certificate's private key: PKCS#8, PKCS#1 or SEC 1, not encrypted.")
        String keyFile,

        @Option(doc = "The private key itself, as PEM text, in place of `key_file`.") @Nullable
        Secret keyPem,

        @Option(
                doc = "Path of a PEM file with authorities. When set, every client must show a certificate that one of"
                        + " them signed.")
        String clientCaFile,

        @Option(
                doc = "Whether `client_ca_file` is read again when it changes, even where `reload_interval` is 0s."
                        + " Weir reads it again with the other files in any case.")
        boolean clientCaFileReload,

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
    @Override
    public void check(Complaints complaints) {
        TlsChecks.pair(complaints, certFile, certPem, keyFile, keyPem, true);
        TlsChecks.versions(complaints, minVersion, maxVersion);
        TlsChecks.interval(complaints, reloadInterval);
    }
}
