package weir.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** Which spans of which traces arrived, by their numbers, and how often. Safe for any thread. */
public final class Arrivals {
    private static final long MAX_TRACES = 1L << 28;

    private final Shape shape;
    private long[] seen = new long[1 << 16];
    private long spans;
    private long twice;
    private long foreign;

    public Arrivals(Shape shape) {
        this.shape = shape;
    }

    /** What a {@link SinkProcess} wrote down, in the order of files; a torn end is what it had not acknowledged. */
    public static Arrivals recorded(Shape shape, Path... files) throws IOException {
        Arrivals all = new Arrivals(shape);
        for (Path file : files) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            long[] ids = new long[bytes.remaining() / Long.BYTES];
            bytes.asLongBuffer().get(ids);
            all.add(ids);
        }
        return all;
    }

    /** @param ids of spans, as {@link Group#stamp} makes them */
    synchronized void add(long[] ids) {
        spans += ids.length;
        for (long id : ids) {
            int index = (int) (id & 0xff);
            long number = id >>> 8;
            if (index == 0 || index > shape.spans() || number >= MAX_TRACES) {
                foreign++;
                continue;
            }
            int at = (int) number;
            if (at >= seen.length) {
                seen = Arrays.copyOf(seen, Math.max(at + 1, 2 * seen.length));
            }
            long bit = 1L << (index - 1);
            if ((seen[at] & bit) != 0) {
                twice++;
            }
            seen[at] |= bit;
        }
    }

    /** Spans that arrived, repeats among them. */
    public synchronized long spans() {
        return spans;
    }

    /**
     * Compares what came with what was acknowledged.
     *
     * @param sent numbers 0 to sent-1 were sent
     * @param unacknowledged numbers of traces of which a part was given up
     * @param expectAll every trace must arrive; otherwise those with an error or a slow span
     */
    public synchronized Account account(long sent, Set<Long> unacknowledged, boolean expectAll) {
        long whole = 0;
        long split = 0;
        long must = 0;
        long missing = 0;
        long incomplete = 0;
        for (long number = 0; number < sent; number++) {
            long bits = number < seen.length ? seen[(int) number] : 0;
            boolean given = unacknowledged.contains(number);
            if (bits == shape.whole()) {
                whole++;
            } else if (bits != 0 && !given) {
                split++;
            }
            if (!given && (expectAll || shape.isError(number) || shape.isSlow(number))) {
                must++;
                missing += bits == 0 ? 1 : 0;
                incomplete += bits == shape.whole() ? 0 : 1;
            }
        }
        return new Account(spans, whole, split, twice, foreign, must, missing, incomplete, sent);
    }
}
