package weir.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** XXH3 by Yann Collet with the seed 0 and its own secret: 64 and 128 bits. Names are those of its specification. */
public final class Xxh3 {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long PRIME32_1 = 0x9e3779b1L;
    private static final long PRIME32_2 = 0x85ebca77L;
    private static final long PRIME32_3 = 0xc2b2ae3dL;
    private static final long PRIME64_1 = 0x9e3779b185ebca87L;
    private static final long PRIME64_2 = 0xc2b2ae3d27d4eb4fL;
    private static final long PRIME64_3 = 0x165667b19e3779f9L;
    private static final long PRIME64_4 = 0x85ebca77c2b2ae63L;
    private static final long PRIME64_5 = 0x27d4eb2f165667c5L;
    private static final long PRIME_MX1 = 0x165667919e3779f9L;
    private static final long PRIME_MX2 = 0x9fb21c651e98df25L;

    private static final byte[] SECRET = HexFormat.of().parseHex("""
            b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f\
            cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c\
            3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8\
            a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364\
            eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e\
            2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e""");

    private static final int STRIPE_BYTES = 64;
    private static final int STRIPES_OF_A_BLOCK = 16;
    private static final int LAST_OF_SECRET = SECRET.length - STRIPE_BYTES;

    private Xxh3() {}

    /** @param end exclusive */
    public static long hash64(byte[] b, int from, int end) {
        int length = end - from;
        if (length == 0) {
            return avalanche64(secret(56) ^ secret(64));
        } else if (length <= 3) {
            return avalanche64(ofFew(b, from, length) ^ ((secret32(0) ^ secret32(4)) & 0xffffffffL));
        } else if (length <= 8) {
            long input = read32(b, end - 4) + (read32(b, from) << 32);
            return rrmxmx(input ^ secret(8) ^ secret(16), length);
        } else if (length <= 16) {
            long low = read(b, from) ^ secret(24) ^ secret(32);
            long high = read(b, end - 8) ^ secret(40) ^ secret(48);
            return avalanche(length + Long.reverseBytes(low) + high + folded(low, high));
        } else if (length <= 128) {
            long sum = length * PRIME64_1;
            for (int i = (length - 1) / 32; i >= 0; i--) {
                sum += mix16(b, from + 16 * i, 32 * i) + mix16(b, end - 16 * (i + 1), 32 * i + 16);
            }
            return avalanche(sum);
        } else if (length <= 240) {
            long sum = length * PRIME64_1;
            for (int i = 0; i < 8; i++) {
                sum += mix16(b, from + 16 * i, 16 * i);
            }
            sum = avalanche(sum);
            for (int i = 8; i < length / 16; i++) {
                sum += mix16(b, from + 16 * i, 16 * (i - 8) + 3);
            }
            return avalanche(sum + mix16(b, end - 16, 119));
        }
        return merged(accumulated(b, from, end), 11, length * PRIME64_1);
    }

    /** @param end exclusive */
    public static Hash128 hash128(byte[] b, int from, int end) {
        int length = end - from;
        if (length == 0) {
            return new Hash128(avalanche64(secret(80) ^ secret(88)), avalanche64(secret(64) ^ secret(72)));
        } else if (length <= 3) {
            long low = ofFew(b, from, length);
            long high = Integer.rotateLeft(Integer.reverseBytes((int) low), 13) & 0xffffffffL;
            return new Hash128(
                    avalanche64(high ^ ((secret32(8) ^ secret32(12)) & 0xffffffffL)),
                    avalanche64(low ^ ((secret32(0) ^ secret32(4)) & 0xffffffffL)));
        } else if (length <= 8) {
            return of4To8(b, from, end);
        } else if (length <= 16) {
            return of9To16(b, from, end);
        } else if (length <= 240) {
            return of17To240(b, from, end);
        }
        long[] sums = accumulated(b, from, end);
        return new Hash128(
                merged(sums, LAST_OF_SECRET - 11, ~(length * PRIME64_2)), merged(sums, 11, length * PRIME64_1));
    }

    private static Hash128 of4To8(byte[] b, int from, int end) {
        long keyed = (read32(b, from) + (read32(b, end - 4) << 32)) ^ secret(16) ^ secret(24);
        long factor = PRIME64_1 + ((long) (end - from) << 2);
        long low = keyed * factor;
        long high = Math.unsignedMultiplyHigh(keyed, factor) + (low << 1);
        low ^= high >>> 3;
        low = (low ^ low >>> 35) * PRIME_MX2;
        return new Hash128(avalanche(high), low ^ low >>> 28);
    }

    private static Hash128 of9To16(byte[] b, int from, int end) {
        long last = read(b, end - 8);
        long keyed = read(b, from) ^ last ^ secret(32) ^ secret(40);
        long low = keyed * PRIME64_1 + ((long) (end - from - 1) << 54);
        last ^= secret(48) ^ secret(56);
        long high = Math.unsignedMultiplyHigh(keyed, PRIME64_1) + last + (last & 0xffffffffL) * (PRIME32_2 - 1);
        low ^= Long.reverseBytes(high);
        return new Hash128(
                avalanche(Math.unsignedMultiplyHigh(low, PRIME64_2) + high * PRIME64_2), avalanche(low * PRIME64_2));
    }

    private static Hash128 of17To240(byte[] b, int from, int end) {
        int length = end - from;
        long[] sums = {length * PRIME64_1, 0};
        if (length <= 128) {
            for (int i = (length - 1) / 32; i >= 0; i--) {
                mix32(sums, b, from + 16 * i, end - 16 * (i + 1), 32 * i);
            }
        } else {
            for (int i = 0; i < 4; i++) {
                mix32(sums, b, from + 32 * i, from + 32 * i + 16, 32 * i);
            }
            sums[0] = avalanche(sums[0]);
            sums[1] = avalanche(sums[1]);
            for (int i = 4; i < length / 32; i++) {
                mix32(sums, b, from + 32 * i, from + 32 * i + 16, 32 * (i - 4) + 3);
            }
            mix32(sums, b, end - 16, end - 32, 103);
        }
        return new Hash128(
                -avalanche(sums[0] * PRIME64_1 + sums[1] * PRIME64_4 + length * PRIME64_2),
                avalanche(sums[0] + sums[1]));
    }

    private static long ofFew(byte[] b, int from, int length) {
        int first = b[from] & 0xff;
        int middle = b[from + (length >> 1)] & 0xff;
        int last = b[from + length - 1] & 0xff;
        return (first << 16 | middle << 24 | last | length << 8) & 0xffffffffL;
    }

    private static long mix16(byte[] b, int at, int secretAt) {
        return folded(read(b, at) ^ secret(secretAt), read(b, at + 8) ^ secret(secretAt + 8));
    }

    private static void mix32(long[] sums, byte[] b, int one, int other, int secretAt) {
        sums[0] = (sums[0] + mix16(b, one, secretAt)) ^ (read(b, other) + read(b, other + 8));
        sums[1] = (sums[1] + mix16(b, other, secretAt + 16)) ^ (read(b, one) + read(b, one + 8));
    }

    /** Of more than 240 bytes, stripe by stripe. */
    private static long[] accumulated(byte[] b, int from, int end) {
        long[] sums = {PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1};
        int stripes = (end - from - 1) / STRIPE_BYTES;
        for (int i = 0; i < stripes; i++) {
            int ofBlock = i % STRIPES_OF_A_BLOCK;
            accumulate(sums, b, from + i * STRIPE_BYTES, 8 * ofBlock);
            if (ofBlock == STRIPES_OF_A_BLOCK - 1) {
                scramble(sums);
            }
        }
        accumulate(sums, b, end - STRIPE_BYTES, LAST_OF_SECRET - 7);
        return sums;
    }

    private static void accumulate(long[] sums, byte[] b, int at, int secretAt) {
        for (int i = 0; i < sums.length; i++) {
            long word = read(b, at + 8 * i);
            long keyed = word ^ secret(secretAt + 8 * i);
            sums[i ^ 1] += word;
            sums[i] += (keyed & 0xffffffffL) * (keyed >>> 32);
        }
    }

    private static void scramble(long[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = (sums[i] ^ sums[i] >>> 47 ^ secret(LAST_OF_SECRET + 8 * i)) * PRIME32_1;
        }
    }

    private static long merged(long[] sums, int secretAt, long start) {
        long merged = start;
        for (int i = 0; i < 4; i++) {
            merged += folded(sums[2 * i] ^ secret(secretAt + 16 * i), sums[2 * i + 1] ^ secret(secretAt + 16 * i + 8));
        }
        return avalanche(merged);
    }

    private static long folded(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    private static long avalanche(long hash) {
        long h = (hash ^ hash >>> 37) * PRIME_MX1;
        return h ^ h >>> 32;
    }

    private static long avalanche64(long hash) {
        long h = (hash ^ hash >>> 33) * PRIME64_2;
        h = (h ^ h >>> 29) * PRIME64_3;
        return h ^ h >>> 32;
    }

    private static long rrmxmx(long hash, long length) {
        long h = (hash ^ Long.rotateLeft(hash, 49) ^ Long.rotateLeft(hash, 24)) * PRIME_MX2;
        h = (h ^ (h >>> 35) + length) * PRIME_MX2;
        return h ^ h >>> 28;
    }

    private static long read(byte[] b, int at) {
        return (long) LONG.get(b, at);
    }

    private static long read32(byte[] b, int at) {
        return (int) INT.get(b, at) & 0xffffffffL;
    }

    private static long secret(int at) {
        return (long) LONG.get(SECRET, at);
    }

    private static int secret32(int at) {
        return (int) INT.get(SECRET, at);
    }
}
