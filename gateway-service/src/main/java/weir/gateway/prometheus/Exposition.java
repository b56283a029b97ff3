package weir.gateway.prometheus;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * One scrape of a store. It is written in pieces, each with the lock held and none while the client is written to, so that
 * neither a long scrape nor a slow client keeps the writer waiting; series that come meanwhile are not in it, those that
 * go may be.
 */
final class Exposition {
    private static final int SERIES_PER_LOCK = 256;
    private static final int PIECE_BYTES = 64 << 10;
    private static final byte[] EOF = "# EOF\n".getBytes(StandardCharsets.US_ASCII);

    private final SeriesStore store;
    private final Format format;
    private final TextBuffer text = new TextBuffer(2 * PIECE_BYTES);
    private final Rows rows;

    Exposition(SeriesStore store, PrometheusConfig config, Format format) {
        this.store = store;
        this.format = format;
        this.rows = new Rows(text, format, config);
    }

    /**
     * Writes the families of some names, or all if none is named, and does not close the stream.
     *
     * @param nowNanos as the timer tells it; what has expired by then is left out
     */
    void write(OutputStream out, Set<String> names, long nowNanos) throws IOException {
        for (Family family : families()) {
            if (names.isEmpty() || names.contains(family.name)) {
                write(family, out, nowNanos);
            }
        }
        if (format.openMetrics()) {
            text.put(EOF);
        }
        flush(out);
    }

    private void flush(OutputStream out) throws IOException {
        out.write(text.bytes(), 0, text.size());
        text.clear();
    }

    private Family[] families() {
        store.lock.lock();
        try {
            return store.families();
        } finally {
            store.lock.unlock();
        }
    }

    private Series[] shown(Family family) {
        store.lock.lock();
        try {
            return family.shown();
        } finally {
            store.lock.unlock();
        }
    }

    private void write(Family family, OutputStream out, long nowNanos) throws IOException {
        Series[] series = shown(family);
        if (text.size() >= PIECE_BYTES) {
            flush(out);
        }
        int start = text.size();
        rows.begin(family);
        int head = text.size();
        boolean any = false;
        for (int from = 0; from < series.length; ) {
            from = piece(series, from, nowNanos);
            any |= text.size() > head;
            if (any && text.size() >= PIECE_BYTES) {
                flush(out);
            }
        }
        if (!any) {
            text.truncate(start);
        }
    }

    /** Writes some series from one on, and says where it stopped. */
    private int piece(Series[] series, int from, long nowNanos) {
        int to = Math.min(series.length, from + SERIES_PER_LOCK);
        store.lock.lock();
        try {
            int i = from;
            while (i < to && (i == from || text.size() < PIECE_BYTES)) {
                Series s = series[i++];
                if (!s.removed && !store.expired(s, nowNanos)) {
                    s.write(rows);
                }
            }
            return i;
        } finally {
            store.lock.unlock();
        }
    }
}
