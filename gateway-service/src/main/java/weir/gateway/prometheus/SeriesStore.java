package weir.gateway.prometheus;

import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.flow.HeldBytes;

/**
 * All series that are held, by identity, by what of them is exposed, and by family. One thread writes; scrapes read. Both
 * hold {@link #lock} for a piece of work at a time: a batch, or some hundred series.
 *
 * <p>The lock is fair: a scrape takes it again as soon as it has released it, and would keep the writer waiting for as long
 * as it lasts.
 */
final class SeriesStore {
    private static final int SLOTS_PER_LOCK = 16_384;

    final ReentrantLock lock = new ReentrantLock(true);

    private final SeriesTable byIdentity = new SeriesTable(s -> s.low);
    private final SeriesTable byExposed = new SeriesTable(s -> s.exposedHash);
    private final TreeMap<String, Family> families = new TreeMap<>();
    private final PrometheusLimits limits;
    private final HeldBytes held;
    private final long maxBytes;
    private final long expirationNanos;
    private long bytes;

    SeriesStore(PrometheusLimits limits, HeldBytes held, long expirationNanos) {
        this.limits = limits;
        this.maxBytes = (long) limits.maxSeriesMib() << 20;
        this.held = held;
        this.expirationNanos = expirationNanos;
    }

    int series() {
        return byIdentity.size();
    }

    long bytes() {
        return bytes;
    }

    /** Whether no more series may come. */
    boolean full() {
        return byIdentity.size() >= limits.maxSeries() || bytes >= maxBytes;
    }

    @Nullable
    Series find(long high, long low) {
        return byIdentity.find(high, low);
    }

    /** The family of a name and type; a new one is in the store only once it has a series. Null if the name is taken. */
    @Nullable
    Family family(String name, Family.Type type, String help) {
        Family family = families.get(name);
        if (family != null) {
            return family.type == type ? family : null;
        }
        return collides(name, type) ? null : new Family(name, type, help);
    }

    /** Whether some sample of the one family would have the name of some sample of the other. */
    private boolean collides(String name, Family.Type type) {
        if (type == Family.Type.HISTOGRAM || type == Family.Type.SUMMARY) {
            boolean buckets = type == Family.Type.HISTOGRAM && families.containsKey(name + "_bucket");
            if (buckets || families.containsKey(name + "_sum") || families.containsKey(name + "_count")) {
                return true;
            }
        }
        return is(name, "_bucket", Family.Type.HISTOGRAM)
                || is(name, "_sum", Family.Type.HISTOGRAM)
                || is(name, "_count", Family.Type.HISTOGRAM)
                || is(name, "_sum", Family.Type.SUMMARY)
                || is(name, "_count", Family.Type.SUMMARY);
    }

    private boolean is(String name, String suffix, Family.Type type) {
        if (!name.endsWith(suffix)) {
            return false;
        }
        Family family = families.get(name.substring(0, name.length() - suffix.length()));
        return family != null && family.type == type;
    }

    /**
     * Takes in a new series, which is shown from now on, in the place of another if there is one with the same labels.
     *
     * @return whether there is
     */
    boolean add(Series s) {
        if (s.family.series++ == 0) {
            families.put(s.family.name, s.family);
            book(s.family.bytes());
        }
        s.booked = s.bytes();
        book(s.booked);
        byIdentity.add(s);
        Series shown = byExposed.shownLike(s);
        if (shown == null) {
            byExposed.add(s);
            s.family.show(s);
            return false;
        }
        s.older = shown;
        shown.newer = s;
        byExposed.replace(shown, s);
        s.family.swap(shown, s);
        return true;
    }

    void remove(Series s) {
        byIdentity.remove(s);
        Series older = s.older;
        if (s.newer != null) {
            s.newer.older = older;
        } else if (older != null) {
            byExposed.replace(s, older);
            s.family.swap(s, older);
        } else {
            byExposed.remove(s);
            s.family.hide(s);
        }
        if (older != null) {
            older.newer = s.newer;
        }
        s.newer = null;
        s.older = null;
        s.removed = true;
        book(-s.booked);
        if (--s.family.series == 0) {
            families.remove(s.family.name);
            book(-s.family.bytes());
        }
    }

    boolean expired(Series s, long nowNanos) {
        return nowNanos - s.updatedNanos > expirationNanos;
    }

    /**
     * Removes the series that were not updated for long; to be called by the writer, without the lock.
     *
     * @return how many
     */
    int expire(long nowNanos) {
        int before = series();
        int slots = byIdentity.slots();
        for (int from = 0; from < slots; from += SLOTS_PER_LOCK) {
            lock.lock();
            try {
                byIdentity.forEach(from, Math.min(slots, from + SLOTS_PER_LOCK), s -> {
                    if (expired(s, nowNanos)) {
                        remove(s);
                    }
                });
            } finally {
                lock.unlock();
            }
        }
        return before - series();
    }

    /** The families there are, sorted by name; to be called with the lock. */
    Family[] families() {
        return families.values().toArray(Family[]::new);
    }

    private void book(long n) {
        bytes += n;
        held.add(n);
    }
}
