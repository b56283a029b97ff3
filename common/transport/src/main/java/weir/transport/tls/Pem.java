package weir.transport.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates and private keys from PEM text (RFC 7468). Java takes keys only as PKCS#8, but tools still write RSA
 * keys as PKCS#1 and elliptic curve keys as SEC 1 (RFC 5915); those are wrapped.
 */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final HexFormat HEX = HexFormat.of();

    /** {@code SEQUENCE { OID rsaEncryption, NULL }}. */
    private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");

    /** {@code OID ecPublicKey}. */
    private static final byte[] EC = HEX.parseHex("06072a8648ce3d0201");

    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private Pem() {}

    /** All certificates of a text, in its order; at least one. */
    static List<X509Certificate> certificates(byte[] text) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            if (block.group(1).equals("CERTIFICATE")) {
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(decoded(block))));
            }
        }
        if (found.isEmpty()) {
            throw new CertificateException("holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
        }
        return found;
    }

    /** The first private key of a text. */
    static PrivateKey privateKey(byte[] text) throws GeneralSecurityException {
        Matcher block = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            switch (block.group(1)) {
                case "PRIVATE KEY":
                    return pkcs8(decoded(block));
                case "RSA PRIVATE KEY":
                    return pkcs8(sequence(VERSION_0, RSA, value(0x04, decoded(block))));
                case "EC PRIVATE KEY":
                    byte[] key = decoded(block);
                    return pkcs8(sequence(VERSION_0, sequence(EC, curve(key)), value(0x04, key)));
                case "ENCRYPTED PRIVATE KEY":
                    throw new KeyException("holds an encrypted private key; Weir has no way to be told its password");
                default:
            }
        }
        throw new KeyException("holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)");
    }

    private static byte[] decoded(Matcher block) {
        return Base64.getMimeDecoder().decode(block.group(2));
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException _) {
                // A key says its algorithm inside; the factories of the others refuse it.
            }
        }
        throw new KeyException("holds a private key that is none of " + ALGORITHMS);
    }

    /** The curve's OID out of {@code ECPrivateKey { version, OCTET STRING, [0] { OID }, [1] ... }}. */
    private static byte[] curve(byte[] key) throws KeyException {
        try {
            int version = afterHeader(key, 0);
            int secret = afterHeader(key, version) + contentLength(key, version);
            int parameters = afterHeader(key, secret) + contentLength(key, secret);
            if (key[parameters] == (byte) 0xa0) {
                int from = afterHeader(key, parameters);
                byte[] oid = new byte[contentLength(key, parameters)];
                System.arraycopy(key, from, oid, 0, oid.length);
                return oid;
            }
        } catch (IndexOutOfBoundsException | NegativeArraySizeException _) {
            // Not the structure that it should be: same answer as for one without a curve.
        }
        throw new KeyException("holds an elliptic curve key that does not name its curve; convert it to PKCS#8");
    }

    private static int afterHeader(byte[] der, int at) {
        return at + 2 + (der[at + 1] < 0 ? der[at + 1] & 0x7f : 0);
    }

    private static int contentLength(byte[] der, int at) {
        int length = der[at + 1];
        if (length >= 0) {
            return length;
        }
        int n = length & 0x7f;
        int sum = 0;
        for (int i = 0; i < n; i++) {
            sum = sum << 8 | (der[at + 2 + i] & 0xff);
        }
        return sum;
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return value(0x30, out.toByteArray());
    }

    private static byte[] value(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length >= 0x80) {
            int bytes = length > 0xff ? 2 : 1;
            out.write(0x80 | bytes);
            if (bytes == 2) {
                out.write(length >>> 8);
            }
        }
        out.write(length);
        out.writeBytes(content);
        return out.toByteArray();
    }
}
