package weir.journal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that appends numbered records until it is killed. It says the number of each that was acknowledged, and, before
 * it releases one, the number's complement.
 */
final class KilledWriter {
    private static final int KEPT = 20;

    private KilledWriter() {}

    /** What it runs with. */
    static JournalOptions options(Sync sync) {
        return new JournalOptions("killed", 8 << 20, 256 << 10, sync, Duration.ofMillis(20), 64 << 10);
    }

    /** The record of a number. */
    static byte[] record(long number) {
        byte[] random = Records.payload(number, (int) (number % 700));
        return ByteBuffer.allocate(Long.BYTES + random.length)
                .putLong(number)
                .put(random)
                .array();
    }

    /** Arguments: directory, sync, first number. */
    public static void main(String[] args) throws IOException {
        Journal journal = Journal.open(
                DirectoryVolume.open(Path.of(args[0]), Duration.ofSeconds(5)), options(Sync.valueOf(args[1])));
        ConcurrentLinkedQueue<long[]> acknowledged = new ConcurrentLinkedQueue<>();
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            for (long next = Long.parseLong(args[2]); ; next++) {
                long number = next;
                byte[] record = record(number);
                while (journal.append(1, record, 0, record.length, (id, safe) -> {
                            if (safe) {
                                say(out, number);
                                acknowledged.add(new long[] {number, id});
                            }
                        })
                        < 0) {
                    releaseSome(journal, acknowledged, out);
                    LockSupport.parkNanos(100_000);
                }
                releaseSome(journal, acknowledged, out);
            }
        }
    }

    private static void releaseSome(Journal journal, Queue<long[]> acknowledged, FileOutputStream out) {
        for (long[] known = acknowledged.poll(); known != null; known = acknowledged.poll()) {
            if (known[0] % KEPT != 0) {
                say(out, ~known[0]);
                journal.release(known[1]);
            }
        }
    }

    private static void say(FileOutputStream out, long number) {
        try {
            out.write(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
