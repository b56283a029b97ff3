package weir.transport.tls;

import weir.config.Checked;
import weir.config.Inlined;
import weir.config.Option;

/** The {@code tls} section of a listener. */
public record TlsServerConfig(
        @Inlined TlsConfig common,

        @Option(
                doc = "Path of a PEM file with authorities. When set, every client must show a certificate that one of"
                        + " them signed.")
        String clientCaFile,

        @Option(
                doc = "Whether `client_ca_file` is read again when it changes, even where `reload_interval` is 0s."
                        + " Weir reads it again with the other files in any case.")
        boolean clientCaFileReload)
        implements Checked {
    @Override
    public void check(Complaints complaints) {
        if (!common.hasPair()) {
            complaints.error("cert_file", "a listener with TLS needs a certificate; set cert_file and key_file");
        }
    }
}
