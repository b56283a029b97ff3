package weir.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.testing.Certificates;

class PemTest {
    private static PrivateKey read(String what, byte[] der) throws Exception {
        return Pem.privateKey(("noise\n" + Certificates.pem(what, der)).getBytes(StandardCharsets.US_ASCII));
    }

    private static PrivateKey rsa(int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair().getPrivate();
    }

    /** What a PKCS#8 key wraps: its last OCTET STRING, of a length that takes one or two bytes. */
    private static byte[] inner(byte[] pkcs8, int header) {
        return Arrays.copyOfRange(pkcs8, header, pkcs8.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void privateKey_pkcs8_isRead(String algorithm) throws Exception {
        PrivateKey key = algorithm.equals("RSA")
                ? rsa(1024)
                : KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();

        assertThat(read("PRIVATE KEY", key.getEncoded()).getEncoded()).isEqualTo(key.getEncoded());
    }

    @Test
    void privateKey_pkcs1_isWrapped() throws Exception {
        PrivateKey key = rsa(1024);

        // SEQUENCE(4) INTEGER(3) AlgorithmIdentifier(15) OCTET STRING header(4)
        assertThat(read("RSA PRIVATE KEY", inner(key.getEncoded(), 26)).getEncoded())
                .isEqualTo(key.getEncoded());
    }

    @Test
    void privateKey_sec1_isWrapped() throws Exception {
        // As openssl ecparam -name prime256v1 -genkey writes it: version, key, curve, public key.
        byte[] sec1 = new byte[] {0x30, 0x31, 2, 1, 1, 4, 0x20};
        sec1 = Arrays.copyOf(sec1, 7 + 32 + 12);
        Arrays.fill(sec1, 7, 39, (byte) 0x11);
        byte[] curve = {(byte) 0xa0, 0x0a, 6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7};
        System.arraycopy(curve, 0, sec1, 39, 12);

        PrivateKey key = read("EC PRIVATE KEY", sec1);

        assertThat(key.getAlgorithm()).isEqualTo("EC");
        assertThat(((java.security.interfaces.ECPrivateKey) key).getS().toByteArray())
                .isEqualTo(Arrays.copyOfRange(sec1, 7, 39));
    }

    @Test
    void privateKey_encrypted_isExplained() {
        assertThatThrownBy(() -> read("ENCRYPTED PRIVATE KEY", new byte[10])).hasMessageContaining("encrypted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "CERTIFICATE"})
    void privateKey_garbage_isRefused(String what) {
        for (int length = 0; length < 64; length++) {
            byte[] garbage = new byte[length];
            Arrays.fill(garbage, (byte) (length * 37));
            assertThatThrownBy(() -> read(what, garbage)).isInstanceOf(java.security.GeneralSecurityException.class);
        }
    }
}
