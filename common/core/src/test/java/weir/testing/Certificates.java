package weir.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An authority and certificates that it signs, in a directory of the test. The certificates are put together here, byte by
 * byte (RFC 5280), since the JDK makes none but in a process of its own, which takes a second each.
 */
public final class Certificates {
    private static final HexFormat HEX = HexFormat.of();
    private static final AtomicInteger SERIAL = new AtomicInteger(1);

    /** {@code SEQUENCE { OID ecdsa-with-SHA256 }}. */
    private static final byte[] ECDSA_SHA256 = HEX.parseHex("300a06082a8648ce3d040302");

    private static final byte[] COMMON_NAME = HEX.parseHex("0603550403");
    private static final byte[] BASIC_CONSTRAINTS = HEX.parseHex("0603551d13");
    private static final byte[] ALTERNATIVE_NAMES = HEX.parseHex("0603551d11");
    private static final byte[] TRUE = {1, 1, -1};

    private final Path directory;
    private final String name;
    private final KeyPair pair;

    /** Makes an authority, whose certificate is {@code <name>.pem} in the directory. */
    public Certificates(Path directory, String name) throws IOException, GeneralSecurityException {
        this.directory = directory;
        this.name = name;
        pair = KeyPairGenerator.getInstance("EC").generateKeyPair();
        byte[] isAuthority = sequence(BASIC_CONSTRAINTS, TRUE, value(4, sequence(TRUE)));
        write(name + ".pem", "CERTIFICATE", certificate(name, pair.getPublic(), isAuthority));
    }

    /** The PEM file of the authority. */
    public String authority() {
        return directory.resolve(name + ".pem").toString();
    }

    /** Issues a certificate for localhost and 127.0.0.1, {@code <subject>.pem} and {@code <subject>.key}, or issues them anew. */
    public Issued issue(String subject) throws IOException, GeneralSecurityException {
        KeyPair issued = KeyPairGenerator.getInstance("EC").generateKeyPair();
        byte[] names = sequence(
                ALTERNATIVE_NAMES,
                value(4, sequence(value(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)), value(0x87, new byte[] {
                    127, 0, 0, 1
                }))));
        return new Issued(
                write(subject + ".pem", "CERTIFICATE", certificate(subject, issued.getPublic(), names)),
                write(subject + ".key", "PRIVATE KEY", issued.getPrivate().getEncoded()));
    }

    /** Paths of PEM files. */
    public record Issued(String certFile, String keyFile) {}

    /** The certificate of a file, as Java sees it. */
    public static Certificate read(String file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(Path.of(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    public static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    /** One move, as a mounted secret changes: a reader never sees half a file. */
    private String write(String file, String what, byte[] der) throws IOException {
        Path fresh = Files.writeString(directory.resolve(file + ".new"), pem(what, der));
        return Files.move(fresh, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING)
                .toString();
    }

    private byte[] certificate(String subject, PublicKey key, byte[] extension) throws GeneralSecurityException {
        byte[] signed = sequence(
                value(0xa0, new byte[] {2, 1, 2}),
                value(2, new byte[] {(byte) SERIAL.getAndIncrement()}),
                ECDSA_SHA256,
                commonName(name),
                sequence(time("200101000000Z"), time("491231235959Z")),
                commonName(subject),
                key.getEncoded(),
                value(0xa3, sequence(extension)));
        return sequence(signed, ECDSA_SHA256, value(3, join(new byte[] {0}, sign(pair.getPrivate(), signed))));
    }

    private static byte[] sign(PrivateKey key, byte[] content) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(content);
        return signature.sign();
    }

    private static byte[] commonName(String text) {
        byte[] utf8 = value(0x0c, text.getBytes(StandardCharsets.UTF_8));
        return sequence(value(0x31, sequence(COMMON_NAME, utf8)));
    }

    private static byte[] time(String utc) {
        return value(0x17, utc.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sequence(byte[]... parts) {
        return value(0x30, join(parts));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] value(int tag, byte[] content) {
        int length = content.length;
        byte[] header;
        if (length < 0x80) {
            header = new byte[] {(byte) tag, (byte) length};
        } else if (length < 0x100) {
            header = new byte[] {(byte) tag, (byte) 0x81, (byte) length};
        } else {
            header = new byte[] {(byte) tag, (byte) 0x82, (byte) (length >>> 8), (byte) length};
        }
        return join(header, content);
    }
}
