package weir.hash;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The ring of the collector's load balancing exporter, for fleets that are mixed: 36000 positions, of which each endpoint takes
 * up to 100. Both forms place a virtual node at the CRC-32 (IEEE) of the endpoint's text and the node's number: the old form
 * writes the number as one byte and leaves a node out whose position is taken; the current one writes it as a little-endian
 * uint32 and tries the next 10 positions first.
 *
 * <p>Endpoints are placed in the order of their texts, and a text has a port only where the resolver was told one.
 */
final class Crc32Ring {
    private static final int POSITIONS = 36_000;
    private static final int NODES = 100;
    private static final int PROBES = 10;
    private static final int POLYNOMIAL = 0xedb88320;
    private static final int[] TABLE = table();

    /** The endpoint that owns each position; -1 if there are no endpoints. */
    private final int[] owners = new int[POSITIONS];

    private Crc32Ring() {
        Arrays.fill(owners, -1);
    }

    /** @param endpoints sorted */
    static Crc32Ring of(List<String> endpoints, boolean old) {
        Crc32Ring ring = new Crc32Ring();
        for (int e = 0; e < endpoints.size(); e++) {
            byte[] text = endpoints.get(e).getBytes(StandardCharsets.UTF_8);
            for (int node = 0; node < NODES; node++) {
                ring.place(e, text, node, old);
            }
        }
        ring.fill();
        return ring;
    }

    private void place(int endpoint, byte[] text, int node, boolean old) {
        int at = position(text, node, old);
        for (int probe = 0; probe <= (old ? 0 : PROBES); probe++) {
            if (owners[at] < 0) {
                owners[at] = endpoint;
                return;
            }
            at = (at + 1) % POSITIONS;
        }
    }

    /** Where a virtual node of an endpoint lies unless that position is taken. */
    static int position(byte[] endpoint, int node, boolean old) {
        int crc = update(update(~0, endpoint, 0, endpoint.length), node);
        for (int i = 1; i < Integer.BYTES && !old; i++) {
            crc = update(crc, 0);
        }
        return position(~crc);
    }

    /** Gives each position that nobody took to who took the next one. */
    private void fill() {
        int next = -1;
        for (int i = 2 * POSITIONS - 1; i >= 0; i--) {
            int at = i % POSITIONS;
            if (owners[at] < 0 && i < POSITIONS) {
                owners[at] = next;
            } else if (owners[at] >= 0) {
                next = owners[at];
            }
        }
    }

    /** The endpoint that owns a key; -1 if there is none. */
    int owner(int crc) {
        return owners[position(crc)];
    }

    static int position(int crc) {
        return Integer.remainderUnsigned(crc, POSITIONS);
    }

    /** The CRC-32 of a trace id's 16 bytes. */
    static int crc(long high, long low) {
        int crc = ~0;
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc = update(crc, (int) (high >>> shift));
        }
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc = update(crc, (int) (low >>> shift));
        }
        return ~crc;
    }

    /** The CRC-32 of bytes. */
    static int crc(byte[] bytes, int from, int end) {
        return ~update(~0, bytes, from, end);
    }

    private static int update(int crc, byte[] bytes, int from, int end) {
        int sum = crc;
        for (int i = from; i < end; i++) {
            sum = update(sum, bytes[i]);
        }
        return sum;
    }

    private static int update(int crc, int octet) {
        return crc >>> 8 ^ TABLE[(crc ^ octet) & 0xff];
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
            }
            table[i] = crc;
        }
        return table;
    }
}
