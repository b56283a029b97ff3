package weir.transport.tls;

import weir.config.Checked;
import weir.config.Inlined;
import weir.config.Option;

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

        @Inlined TlsConfig common)
        implements Checked {
    /** What an empty section means: TLS with the system's authorities. */
    public static final TlsClientConfig DEFAULT =
            new TlsClientConfig(false, false, "", "", "", false, TlsConfig.DEFAULT);

    /** The same without TLS. */
    public static final TlsClientConfig PLAINTEXT =
            new TlsClientConfig(true, false, "", "", "", false, TlsConfig.DEFAULT);

    @Override
    public void check(Complaints complaints) {
        if (!caFile.isEmpty() && !caPem.isEmpty()) {
            complaints.error("ca_pem", "ca_file and ca_pem are both set; keep one");
        }
        if (insecureSkipVerify && !insecure) {
            complaints.warning(
                    "insecure_skip_verify", "any certificate is trusted; set ca_file to the authority instead");
        }
    }
}
