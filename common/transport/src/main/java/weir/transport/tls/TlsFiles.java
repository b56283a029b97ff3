package weir.transport.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import weir.config.Secret;

/**
 * The content of the files that a TLS section names, so that a change can be told from none: by content, since a mounted
 * secret changes by a switched link and a file's time may stand still.
 *
 * @param authorities of {@code ca_file} or {@code client_ca_file}; empty when there is none
 */
record TlsFiles(byte[] chain, byte[] key, byte[] authorities) {
    /** Larger than any chain or bundle of authorities that is meant as one. */
    private static final long MAX_BYTES = 4 << 20;

    static TlsFiles read(TlsServerConfig config) throws IOException {
        return read(config.common(), content("client_ca_file", config.clientCaFile(), ""));
    }

    static TlsFiles read(TlsClientConfig config) throws IOException {
        return read(config.common(), content("ca_file", config.caFile(), config.caPem()));
    }

    private static TlsFiles read(TlsConfig config, byte[] authorities) throws IOException {
        Secret key = config.keyPem();
        return new TlsFiles(
                content("cert_file", config.certFile(), config.certPem()),
                content("key_file", config.keyFile(), key == null ? "" : key.reveal()),
                authorities);
    }

    boolean same(TlsFiles other) {
        return Arrays.equals(chain, other.chain)
                && Arrays.equals(key, other.key)
                && Arrays.equals(authorities, other.authorities);
    }

    boolean hasKey() {
        return key.length > 0;
    }

    boolean hasAuthorities() {
        return authorities.length > 0;
    }

    List<X509Certificate> readChain() throws IOException {
        try {
            return Pem.certificates(chain);
        } catch (GeneralSecurityException e) {
            throw new IOException("tls.cert_file " + e.getMessage(), e);
        }
    }

    PrivateKey readKey() throws IOException {
        try {
            return Pem.privateKey(key);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("tls.key_file " + e.getMessage(), e);
        }
    }

    List<X509Certificate> readAuthorities() throws IOException {
        try {
            return Pem.certificates(authorities);
        } catch (GeneralSecurityException e) {
            throw new IOException("the file of authorities " + e.getMessage(), e);
        }
    }

    private static byte[] content(String option, String file, String text) throws IOException {
        if (file.isEmpty()) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            throw new IOException("tls." + option + ": cannot read " + file
                    + (Files.exists(path) ? ": it may not be read by this user" : ": there is no such file"));
        }
        if (Files.size(path) > MAX_BYTES) {
            throw new IOException("tls." + option + ": " + file + " is larger than " + MAX_BYTES + " bytes");
        }
        return Files.readAllBytes(path);
    }
}
