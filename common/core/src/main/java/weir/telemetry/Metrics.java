package weir.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The registry of a process's own instruments. Registering is for start-up and rare events; what it returns is for hot
 * paths. Instruments are named without the suffixes that a format adds ({@code _total}, units). Safe for use by any thread.
 *
 * <p>Labels are given as name, value, name, value. Asking again for the same name and labels gives the same counter or
 * histogram; a supplier registered again replaces the former one, so that a reloaded component takes over its series.
 */
public final class Metrics {
    /** How an instrument is read. */
    public enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /**
     * One series.
     *
     * @param labels sorted by name
     * @param value of a counter or gauge; of a histogram, its count
     */
    public record Series(
            Kind kind,
            String name,
            String help,
            Map<String, String> labels,
            DoubleSupplier value,
            Histogram histogram) {}

    /** Learns of series as they come and go. */
    public interface Listener {
        void added(Series series);

        void removed(Series series);
    }

    private static final Histogram NO_HISTOGRAM = new Histogram();

    private record Key(String name, Map<String, String> labels) {}

    private final Map<Key, Series> series = new ConcurrentHashMap<>();
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** A counter to add to. */
    public Counter counter(String name, String help, String... labels) {
        Key key = new Key(name, map(labels));
        return counters.computeIfAbsent(key, k -> {
            Counter counter = new Counter();
            register(new Series(Kind.COUNTER, name, help, k.labels(), counter::value, NO_HISTOGRAM));
            return counter;
        });
    }

    /** A counter whose value, which must never fall, is kept elsewhere. */
    public void counter(String name, String help, LongSupplier value, String... labels) {
        register(new Series(Kind.COUNTER, name, help, map(labels), value::getAsLong, NO_HISTOGRAM));
    }

    /** A gauge whose value is kept elsewhere. */
    public void gauge(String name, String help, LongSupplier value, String... labels) {
        register(new Series(Kind.GAUGE, name, help, map(labels), value::getAsLong, NO_HISTOGRAM));
    }

    /** @param bounds upper bounds of its buckets, ascending, without infinity */
    public Histogram histogram(String name, String help, double[] bounds, String... labels) {
        Map<String, String> map = map(labels);
        Series made = series.computeIfAbsent(new Key(name, map), k -> {
            Histogram histogram = new Histogram(bounds);
            Series s = new Series(Kind.HISTOGRAM, name, help, map, histogram::count, histogram);
            listeners.forEach(l -> l.added(s));
            return s;
        });
        return made.histogram();
    }

    /** Takes away the series that have all of these labels: of a component that is gone. */
    public void remove(String... labels) {
        Map<String, String> gone = map(labels);
        series.forEach((key, s) -> {
            if (s.labels().entrySet().containsAll(gone.entrySet()) && series.remove(key, s)) {
                counters.remove(key);
                listeners.forEach(l -> l.removed(s));
            }
        });
    }

    /** All series, sorted by name. */
    public List<Series> all() {
        List<Series> all = new ArrayList<>(series.values());
        all.sort((a, b) -> a.name().equals(b.name())
                ? a.labels().toString().compareTo(b.labels().toString())
                : a.name().compareTo(b.name()));
        return all;
    }

    /** The sum over the series of a name that have all of these labels; 0 if there is none. */
    public double value(String name, String... labels) {
        Map<String, String> wanted = map(labels);
        return series.values().stream()
                .filter(s -> s.name().equals(name) && s.labels().entrySet().containsAll(wanted.entrySet()))
                .mapToDouble(s -> s.value().getAsDouble())
                .sum();
    }

    /** Has a listener told of all series there are, and of those that come and go. */
    public void listen(Listener listener) {
        listeners.add(listener);
        series.values().forEach(listener::added);
    }

    private void register(Series made) {
        Series former = series.put(new Key(made.name(), made.labels()), made);
        if (former != null) {
            listeners.forEach(l -> l.removed(former));
        }
        listeners.forEach(l -> l.added(made));
    }

    private static Map<String, String> map(String... labels) {
        if (labels.length % 2 != 0) {
            throw new IllegalArgumentException("labels are name, value, name, value");
        }
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            map.put(labels[i], labels[i + 1]);
        }
        return Map.copyOf(map);
    }
}
