package weir.ottl.function;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import weir.hash.Hash128;
import weir.hash.Murmur3;
import weir.hash.Xxh3;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** Digests of texts. */
final class HashConverters {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private HashConverters() {}

    static <T> void addTo(Family<T> family) {
        digest(family, "MD5", "MD5");
        digest(family, "SHA1", "SHA-1");
        digest(family, "SHA256", "SHA-256");
        digest(family, "SHA512", "SHA-512");
        family.change("FNV", "target", (value, into) -> into.set(fnv(Family.of(Kind.STRING, value))));
        family.change("Murmur3Hash", "target", (value, into) -> {
            Family.of(Kind.STRING, value);
            int hash = Murmur3.hash32(value.bytes(), value.from(), value.end());
            into.set(HexFormat.of().toHexDigits(Integer.reverseBytes(hash)));
        });
        family.change("Murmur3Hash128", "target", (value, into) -> {
            Family.of(Kind.STRING, value);
            Hash128 hash = Murmur3.hash128(value.bytes(), value.from(), value.end());
            into.set(hex(new Hash128(Long.reverseBytes(hash.first()), Long.reverseBytes(hash.second()))));
        });
        family.change("XXH3", "target", (value, into) -> {
            Family.of(Kind.STRING, value);
            into.set(HexFormat.of().toHexDigits(Xxh3.hash64(value.bytes(), value.from(), value.end())));
        });
        family.change("XXH128", "target", (value, into) -> {
            Family.of(Kind.STRING, value);
            into.set(hex(Xxh3.hash128(value.bytes(), value.from(), value.end())));
        });
    }

    private static String hex(Hash128 hash) {
        return HexFormat.of().toHexDigits(hash.first()) + HexFormat.of().toHexDigits(hash.second());
    }

    private static <T> void digest(Family<T> family, String name, String algorithm) {
        family.change(name, "target", (value, into) -> {
            Family.of(Kind.STRING, value);
            try {
                MessageDigest digest = MessageDigest.getInstance(algorithm);
                digest.update(value.bytes(), value.from(), value.length());
                into.set(HexFormat.of().formatHex(digest.digest()));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        });
    }

    /** FNV-1a of 64 bits. */
    private static long fnv(Value text) {
        long hash = FNV_OFFSET;
        for (int i = text.from(); i < text.end(); i++) {
            hash = (hash ^ (text.bytes()[i] & 0xff)) * FNV_PRIME;
        }
        return hash;
    }
}
