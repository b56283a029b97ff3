package weir.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/** Journals to try things on, and what is read back from them. */
final class Records {
    static final int SEGMENT = 4096;

    private static final Logger LOG = Logger.getLogger("weir.journal");

    static {
        // Thousands of damaged journals are opened on purpose.
        LOG.setLevel(Level.OFF);
    }

    private Records() {}

    static JournalOptions options(int segments, Sync sync) {
        return new JournalOptions("test", (long) segments * SEGMENT, SEGMENT, sync, Duration.ofMillis(10), 1 << 20);
    }

    static Journal open(Volume volume) throws IOException {
        return open(volume, 64);
    }

    static Journal open(Volume volume, int segments) throws IOException {
        return Journal.opened(
                volume, options(segments, Sync.NONE), 0x5eed + volume.list().hashCode());
    }

    static void work(Journal journal) {
        while (journal.step()) {
            // Until there is nothing left to do.
        }
    }

    /** Bytes that are derived from a number. */
    static byte[] payload(long number, int length) {
        byte[] bytes = new byte[length];
        RandomGenerator random = new SplittableRandom(number);
        random.nextBytes(bytes);
        return bytes;
    }

    static long append(Journal journal, byte[] payload) {
        return journal.append(1, payload, 0, payload.length, null);
    }

    /** What a journal hands out, by id. */
    static Map<Long, byte[]> replay(Journal journal) throws IOException {
        Map<Long, byte[]> records = new LinkedHashMap<>();
        journal.replay((id, type, bytes, offset, length) -> {
            if (records.put(id, Arrays.copyOfRange(bytes, offset, offset + length)) != null) {
                throw new AssertionError("handed out twice: " + id);
            }
        });
        return records;
    }

    /** What a journal hands out, by name. */
    static List<String> names(Journal journal) throws IOException {
        List<String> names = new ArrayList<>();
        replay(journal).values().forEach(payload -> names.add(name(payload)));
        return names;
    }

    /** A short name for a payload. */
    static String name(byte[] payload) {
        return payload.length + " bytes #" + Integer.toHexString(Arrays.hashCode(payload));
    }

    static String name(long number, int length) {
        return name(payload(number, length));
    }
}
