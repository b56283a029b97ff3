package weir.connector.spanmetrics;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import weir.otlp.AttributeCursor;
import weir.otlp.Attributes;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.ValueType;

/**
 * The resources that spans are counted of. A resource that comes as the same bytes again is found by them; other bytes are
 * parsed and compared in order, since the order of attributes says nothing. Belongs to one thread at a time.
 */
final class Resources {
    private static final byte[] SERVICE_NAME = Attributes.key(SpanMetricsConfig.SERVICE_NAME);

    /** Longer ones are parsed each time they come. */
    private static final int MAX_KNOWN_LENGTH = 1 << 14;

    private static final long MAX_KNOWN_BYTES = 8L << 20;

    /**
     * What is known of a resource that came as certain bytes.
     *
     * @param serviceName the fields of an AnyValue; another than that of the first resource of the same series where the
     *     service's name is none of the attributes that resources are told apart by
     */
    record Known(ResourceSeries series, byte[] serviceName) {}

    private final int limit;
    private final Set<String> keyAttributes;
    private final int families;
    private final Map<ByteBuffer, ResourceSeries> byIdentity = new HashMap<>();
    private final ResourceSeries rest;
    private final KeyTable seen;
    private @Nullable Known[] known = new Known[64];
    private final AttributeCursor cursor = new AttributeCursor();
    private int numbers;
    private int evicted;
    private long uses;
    private long heldBytes;
    private long evictions;

    /** @param families how many series may be asked for of each */
    Resources(SpanMetricsConfig config, int families, long seed) {
        this.limit = config.resourceMetricsCacheSize();
        this.keyAttributes = Set.copyOf(config.resourceMetricsKeyAttributes());
        this.families = families;
        this.rest = new ResourceSeries(numbers++, ByteBuffer.allocate(0), new byte[0], true, families);
        this.seen = new KeyTable(seed);
    }

    /** The resource whose fields lie here; null if it names no service. */
    @Nullable
    Known of(byte[] b, int from, int end, long nowNanos) {
        long hash = seen.hash(b, from, end);
        int number = seen.find(hash, b, from, end);
        Known found = number < 0 ? null : known[number];
        if (number < 0 || (found != null && found.series.overflow)) {
            found = parse(b, from, end);
            if (number < 0) {
                number = remember(hash, b, from, end);
            }
            if (number >= 0) {
                known[number] = found;
            }
        }
        if (found != null) {
            used(found.series, nowNanos);
        }
        return found;
    }

    private int remember(long hash, byte[] b, int from, int end) {
        if (end - from > MAX_KNOWN_LENGTH) {
            return -1;
        }
        if (seen.size() >= 4 * limit + 64 || seen.heldBytes() > MAX_KNOWN_BYTES) {
            forgetBytes();
        }
        int number = seen.add(hash, b, from, end);
        if (number >= known.length) {
            known = Arrays.copyOf(known, 2 * known.length);
        }
        return number;
    }

    private void forgetBytes() {
        seen.clear();
        Arrays.fill(known, null);
    }

    private @Nullable Known parse(byte[] b, int from, int end) {
        Map<String, byte[]> identity = new TreeMap<>();
        Output attributes = new Output(end - from);
        byte[] serviceName = null;
        for (cursor.reset(b, from, end, Fields.RESOURCE_ATTRIBUTES); cursor.next(); ) {
            attributes.put(b, cursor.start(), cursor.end());
            if (serviceName == null && cursor.keyEquals(SERVICE_NAME)) {
                // What is no text is an empty one, as in the collector.
                serviceName = cursor.value().type() == ValueType.STRING
                        ? Arrays.copyOfRange(b, cursor.valueFrom(), cursor.valueEnd())
                        : Attributes.value("");
            }
            String key = cursor.key();
            if (keyAttributes.isEmpty() || keyAttributes.contains(key)) {
                identity.putIfAbsent(key, Arrays.copyOfRange(b, cursor.valueFrom(), cursor.valueEnd()));
            }
        }
        cursor.reset(new byte[0], 0, 0, Fields.RESOURCE_ATTRIBUTES);
        return serviceName == null ? null : new Known(series(bytes(identity), attributes), serviceName);
    }

    private static ByteBuffer bytes(Map<String, byte[]> identity) {
        Output out = new Output(256);
        identity.forEach((key, value) ->
                out.field(1, key.getBytes(StandardCharsets.UTF_8)).field(2, value));
        return ByteBuffer.wrap(out.toByteArray());
    }

    private ResourceSeries series(ByteBuffer identity, Output attributes) {
        ResourceSeries series = byIdentity.get(identity);
        if (series == null) {
            if (evicted >= limit) {
                return rest;
            }
            series = new ResourceSeries(numbers++, identity, attributes.toByteArray(), false, families);
            byIdentity.put(identity, series);
            heldBytes += series.heldBytes();
            series.used = ++uses;
            evictBeyondLimit();
        }
        return series;
    }

    private void used(ResourceSeries series, long nowNanos) {
        series.used = ++uses;
        series.lastSeenNanos = nowNanos;
        if (series.evicted) {
            series.evicted = false;
            evicted--;
            evictBeyondLimit();
        }
    }

    private void evictBeyondLimit() {
        if (byIdentity.size() - evicted > limit) {
            byIdentity.values().stream()
                    .filter(r -> !r.evicted)
                    .min(Comparator.comparingLong(r -> r.used))
                    .ifPresent(r -> r.evicted = true);
            evicted++;
            evictions++;
        }
    }

    /** All that there are, in the order in which they came; the one that stands for others last, whether used or not. */
    List<ResourceSeries> all() {
        List<ResourceSeries> all = new ArrayList<>(byIdentity.values());
        all.sort(Comparator.comparingInt(r -> r.number));
        all.add(rest);
        return all;
    }

    /** Forgets the resources that this says of; the caller sees to their series. */
    void forget(Predicate<ResourceSeries> gone) {
        int before = byIdentity.size();
        byIdentity.values().removeIf(r -> {
            boolean goes = gone.test(r);
            if (goes) {
                heldBytes -= r.heldBytes();
                evicted -= r.evicted ? 1 : 0;
            }
            return goes;
        });
        if (byIdentity.size() < before) {
            forgetBytes();
        }
    }

    int size() {
        return byIdentity.size();
    }

    long evictions() {
        return evictions;
    }

    long heldBytes() {
        return heldBytes + seen.heldBytes();
    }
}
