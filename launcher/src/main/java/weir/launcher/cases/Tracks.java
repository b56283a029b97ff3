package weir.launcher.cases;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import weir.gateway.sampling.Why;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentId;
import weir.pipeline.Consumer;
import weir.pipeline.DeliveryCallback;

/** Notes where the items of one case are seen while it runs. Safe for use by any thread. */
final class Tracks {
    /**
     * A component that items go through.
     *
     * @param pipeline that it stands in; empty for connectors
     */
    record Place(ComponentId id, String pipeline) {
        static Place of(ComponentContext context) {
            return new Place(context.id(), context.pipeline());
        }
    }

    private record Seen(Place place, int item) {}

    /** An item at an exporter. */
    record Arrived(ComponentId exporter, Item item) {}

    private final Letters letters;
    private final Queue<Seen> entered = new ConcurrentLinkedQueue<>();
    private final Queue<Seen> left = new ConcurrentLinkedQueue<>();
    private final Queue<Arrived> arrived = new ConcurrentLinkedQueue<>();
    private final List<Why.Source> samplers = new CopyOnWriteArrayList<>();

    Tracks(Letters letters) {
        this.letters = letters;
    }

    /** A consumer that notes what goes into a place. */
    Consumer into(Place place, Consumer next) {
        return noting(entered, place, next);
    }

    /** A consumer that notes what comes out of a place. */
    Consumer outOf(Place place, Consumer next) {
        return noting(left, place, next);
    }

    private Consumer noting(Queue<Seen> notes, Place place, Consumer next) {
        return new Consumer() {
            @Override
            public void consume(Batch batch, DeliveryCallback done) {
                Item.of(batch, letters).forEach(item -> notes.add(new Seen(place, item.number())));
                next.consume(batch, done);
            }

            @Override
            public boolean isWitness() {
                return next.isWitness();
            }
        };
    }

    void arrived(ComponentId exporter, Batch batch) {
        Item.of(batch, letters).forEach(item -> arrived.add(new Arrived(exporter, item)));
    }

    void decides(Why.Source sampler) {
        samplers.add(sampler);
    }

    /** Those that did not let an item out, the first one first. */
    List<Place> droppers(int item) {
        Set<Place> kept = places(left, item);
        return places(entered, item).stream().filter(p -> !kept.contains(p)).toList();
    }

    private static Set<Place> places(Queue<Seen> notes, int item) {
        return notes.stream()
                .filter(seen -> seen.item == item)
                .map(Seen::place)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The exporters that an item reached. */
    Set<String> reached(int item) {
        return arrived.stream()
                .filter(a -> a.item.number() == item)
                .map(a -> a.exporter.toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** An item as it came out, once for each time it did. */
    List<Item> out(int item) {
        return arrived.stream()
                .map(Arrived::item)
                .filter(i -> i.number() == item)
                .toList();
    }

    /** What came out and had not gone in. */
    List<Arrived> made() {
        return arrived.stream().filter(a -> a.item.number() < 0).toList();
    }

    /**
     * What samplers say of a trace that they decided.
     *
     * @param traceId 32 hex digits
     */
    List<Why.Decided> decided(String traceId) {
        long idHigh = Long.parseUnsignedLong(traceId, 0, 16, 16);
        long idLow = Long.parseUnsignedLong(traceId, 16, 32, 16);
        return samplers.stream()
                .map(sampler -> sampler.why(idHigh, idLow))
                .filter(Why.Decided.class::isInstance)
                .map(Why.Decided.class::cast)
                .toList();
    }
}
