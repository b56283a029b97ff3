package weir.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** MurmurHash3 by Austin Appleby with the seed 0: its 32 bits, and the 128 bits of its variant for 64-bit machines. */
public final class Murmur3 {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int INT_1 = 0xcc9e2d51;
    private static final int INT_2 = 0x1b873593;
    private static final long LONG_1 = 0x87c37b91114253d5L;
    private static final long LONG_2 = 0x4cf5ad432745937fL;

    private Murmur3() {}

    /** @param end exclusive */
    public static int hash32(byte[] b, int from, int end) {
        int hash = 0;
        int at = from;
        for (; end - at >= Integer.BYTES; at += Integer.BYTES) {
            hash = Integer.rotateLeft(hash ^ mixed((int) INT.get(b, at)), 13) * 5 + 0xe6546b64;
        }
        int tail = 0;
        for (int i = end - 1; i >= at; i--) {
            tail = tail << 8 | (b[i] & 0xff);
        }
        hash ^= mixed(tail) ^ (end - from);
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }

    private static int mixed(int word) {
        return Integer.rotateLeft(word * INT_1, 15) * INT_2;
    }

    /** @param end exclusive */
    public static Hash128 hash128(byte[] b, int from, int end) {
        long h1 = 0;
        long h2 = 0;
        int at = from;
        for (; end - at >= 2 * Long.BYTES; at += 2 * Long.BYTES) {
            h1 = (Long.rotateLeft(h1 ^ first((long) LONG.get(b, at)), 27) + h2) * 5 + 0x52dce729;
            h2 = (Long.rotateLeft(h2 ^ second((long) LONG.get(b, at + Long.BYTES)), 31) + h1) * 5 + 0x38495ab5;
        }
        h2 ^= second(tail(b, Math.min(at + Long.BYTES, end), end)) ^ (end - from);
        h1 ^= first(tail(b, at, Math.min(at + Long.BYTES, end))) ^ (end - from);
        h1 += h2;
        h2 += h1;
        h1 = last(h1);
        h2 = last(h2);
        h1 += h2;
        return new Hash128(h1, h2 + h1);
    }

    private static long tail(byte[] b, int from, int end) {
        long word = 0;
        for (int i = end - 1; i >= from; i--) {
            word = word << 8 | (b[i] & 0xff);
        }
        return word;
    }

    private static long first(long word) {
        return Long.rotateLeft(word * LONG_1, 31) * LONG_2;
    }

    private static long second(long word) {
        return Long.rotateLeft(word * LONG_2, 33) * LONG_1;
    }

    private static long last(long hash) {
        long h = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }
}
