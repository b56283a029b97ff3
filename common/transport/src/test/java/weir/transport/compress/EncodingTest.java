package weir.transport.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EncodingTest {
    private static byte[] text(int length) {
        byte[] bytes = new byte[length];
        Random random = new Random(7);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + random.nextInt(4));
        }
        return bytes;
    }

    private static byte[] encode(Encoding encoding, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = encoding.encoding(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] decode(Encoding encoding, byte[] encoded, int max) throws IOException {
        return encoding.decode(encoded, encoded.length, max);
    }

    @ParameterizedTest
    @EnumSource
    void decode_atTheLimit_isWholeAndOneByteMoreIsTooLarge(Encoding encoding) throws IOException {
        for (int length : new int[] {0, 1, 511, 512, 513, 5000, 70_000}) {
            byte[] content = text(length);
            byte[] encoded = encode(encoding, content);

            assertThat(decode(encoding, encoded, Math.max(length, 1))).isEqualTo(content);
            if (length > 1) {
                assertThatThrownBy(() -> decode(encoding, encoded, length - 1)).isInstanceOf(TooLargeException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void decode_cutOffAnywhere_fails(Encoding encoding) throws IOException {
        byte[] encoded = encode(encoding, text(300));
        for (int length = 1; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> decode(encoding, cut, 1000))
                    .as("cut after %d of %d bytes", length, encoded.length)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void decode_deflateWithoutZlibsHeader_isUnderstood() throws IOException {
        byte[] content = text(3000);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater raw = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try (OutputStream out = new DeflaterOutputStream(bytes, raw)) {
            out.write(content);
        }
        raw.end();

        assertThat(decode(Encoding.DEFLATE, bytes.toByteArray(), 3000)).isEqualTo(content);
    }

    /** A frame may ask its reader for memory; 128 MiB here, for one byte. */
    @Test
    void decode_zstdWindowTooLarge_isRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(bytes)) {
            out.setLong(27);
            out.write(1);
            out.flush();
            out.write(1);
        }

        assertThatThrownBy(() -> decode(Encoding.ZSTD, bytes.toByteArray(), 1000))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(TooLargeException.class);
    }

    /** A frame that says that it holds 2^60 bytes and holds one: what it says is not made room for. */
    @Test
    void decode_zstdLyingOfItsSize_fails() {
        byte[] lying = HexFormat.of().parseHex("28b52ffd" + "e0" + "0000000000000010" + "090000" + "61");

        assertThatThrownBy(() -> decode(Encoding.ZSTD, lying, 1000)).isInstanceOf(IOException.class);
    }

    /** The trailer says 2 GiB, as a gzip of so much would: nothing is inflated, or the end would be found to be wrong. */
    @Test
    void decode_gzipThatSaysItIsTooLarge_isBelieved() throws IOException {
        byte[] encoded = Arrays.copyOf(encode(Encoding.GZIP, text(70_000)), 4 << 20);
        encoded[encoded.length - 1] = 0x7f;

        assertThatThrownBy(() -> decode(Encoding.GZIP, encoded, 20 << 20)).isInstanceOf(TooLargeException.class);
    }

    /** The first of two members is larger than the trailer of the last tells. */
    @Test
    void decode_gzipOfSeveralMembers_isWhole() throws IOException {
        byte[] first = encode(Encoding.GZIP, text(70_000));
        byte[] second = encode(Encoding.GZIP, text(10));
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        assertThat(decode(Encoding.GZIP, both, 70_010)).hasSize(70_010);
        assertThatThrownBy(() -> decode(Encoding.GZIP, both, 70_009)).isInstanceOf(TooLargeException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, GZIP",
        "GZip, GZIP",
        "' zstd ', ZSTD",
        "'', NONE",
        "identity, NONE",
        "none, NONE",
        "x-gzip, ",
        "br, "
    })
    void of_names(String name, Encoding expected) {
        assertThat(Encoding.of(name)).isEqualTo(expected);
    }
}
