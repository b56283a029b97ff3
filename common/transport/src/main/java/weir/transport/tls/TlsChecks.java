package weir.transport.tls;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Checked.Complaints;
import weir.config.Secret;

/** What servers' and clients' TLS options have to satisfy alike. */
final class TlsChecks {
    private static final List<String> VERSIONS = List.of("1.2", "1.3");

    private TlsChecks() {}

    static void pair(
            Complaints complaints,
            String certFile,
            String certPem,
            String keyFile,
            @Nullable Secret keyPem,
            boolean required) {
        boolean hasKeyPem = keyPem != null && !keyPem.isEmpty();
        if (!certFile.isEmpty() && !certPem.isEmpty()) {
            complaints.error("cert_pem", "cert_file and cert_pem are both set; keep one");
        }
        if (!keyFile.isEmpty() && hasKeyPem) {
            complaints.error("key_pem", "key_file and key_pem are both set; keep one");
        }
        boolean cert = !certFile.isEmpty() || !certPem.isEmpty();
        boolean key = !keyFile.isEmpty() || hasKeyPem;
        if (cert && !key) {
            complaints.error("key_file", "a certificate is set but not its private key; set key_file or key_pem");
        } else if (key && !cert) {
            complaints.error("cert_file", "a private key is set but not its certificate; set cert_file or cert_pem");
        } else if (required && !cert) {
            complaints.error("cert_file", "a listener with TLS needs a certificate; set cert_file and key_file");
        }
    }

    static void versions(Complaints complaints, String min, String max) {
        boolean known = true;
        if (!VERSIONS.contains(min)) {
            complaints.error("min_version", "TLS version \"" + min + "\" is not one of 1.2, 1.3");
            known = false;
        }
        if (!VERSIONS.contains(max)) {
            complaints.error("max_version", "TLS version \"" + max + "\" is not one of 1.2, 1.3");
            known = false;
        }
        if (known && min.compareTo(max) > 0) {
            complaints.error("max_version", "max_version " + max + " is below min_version " + min);
        }
    }

    static void interval(Complaints complaints, Duration interval) {
        if (interval.isNegative() || (!interval.isZero() && interval.compareTo(Duration.ofSeconds(1)) < 0)) {
            complaints.error("reload_interval", "must be 0s, for never, or at least 1s");
        }
    }
}
