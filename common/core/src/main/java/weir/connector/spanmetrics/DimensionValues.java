package weir.connector.spanmetrics;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.otlp.AttributeCursor;
import weir.otlp.Fields;
import weir.otlp.ValueView;

/**
 * What the dimensions are of one span, or of one event of it: looked for among the span's attributes, then the event's, then
 * the resource's. All of them lie in one array, so a value is where it begins and ends. Belongs to one thread at a time.
 */
final class DimensionValues {
    private static final byte[] NONE = {};
    private static final int ABSENT = -1;

    /** How many names it is remembered of whether globs match them; then they are forgotten. */
    private static final int MAX_KNOWN_NAMES = 4096;

    /** How many attributes of one span, event or resource may match globs; those beyond are left out. */
    private static final int MAX_MATCHES = 128;

    /** Of an attribute: where its key and its value begin and end, and the lists of which a glob matches the key. */
    private static final int MATCH_SIZE = 5;

    private static final int BITS = 4;

    /** One place that attributes are looked for, and what of the named ones was found there. */
    private static final class Source {
        private final int field;
        private final int[] from;
        private final int[] end;
        private int[] matches = new int[8 * MATCH_SIZE];
        private int matchesEnd;

        private Source(int field, int slots) {
            this.field = field;
            from = new int[slots];
            end = new int[slots];
        }

        private void add(AttributeCursor cursor, int bits) {
            if (matchesEnd == matches.length) {
                matches = Arrays.copyOf(matches, 2 * matches.length);
            }
            matches[matchesEnd++] = cursor.keyFrom();
            matches[matchesEnd++] = cursor.keyEnd();
            matches[matchesEnd++] = cursor.valueFrom();
            matches[matchesEnd++] = cursor.valueEnd();
            matches[matchesEnd++] = bits;
        }
    }

    private final DimensionSet.Vocabulary vocabulary;
    private final byte[][] names;
    private final Source span;
    private final Source event;
    private final Source resource;
    private final AttributeCursor cursor = new AttributeCursor();
    private final ValueView value = new ValueView();
    private final KeyTable knownNames;
    private int[] knownBits = new int[64];
    private byte[] bytes = NONE;

    /**
     * What the globs of one list match, sorted by key. (The collector sorts those of each place by themselves, so that it has
     * two series of the same attributes where one attribute is once the span's and once the resource's.)
     */
    private final int[] matches = new int[3 * MAX_MATCHES * MATCH_SIZE];

    private int matchesEnd;

    DimensionValues(DimensionSet.Vocabulary vocabulary, long seed) {
        this.vocabulary = vocabulary;
        List<String> all = vocabulary.names();
        names = all.stream().map(n -> n.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        span = new Source(Fields.SPAN_ATTRIBUTES, names.length);
        event = new Source(Fields.EVENT_ATTRIBUTES, names.length);
        resource = new Source(Fields.RESOURCE_ATTRIBUTES, names.length);
        knownNames = new KeyTable(seed);
    }

    /** Looks at the spans of a resource, whose fields lie here. */
    void resource(byte[] b, int from, int end) {
        bytes = b;
        read(resource, from, end);
    }

    /** Looks at a span of the resource, whose fields lie here, and at none of its events. */
    void span(int from, int end) {
        read(span, from, end);
        event.matchesEnd = 0;
        Arrays.fill(event.from, ABSENT);
    }

    /** Looks at an event of the span, whose fields lie here. */
    void event(int from, int end) {
        read(event, from, end);
    }

    /** Lets go of the request. */
    void clear() {
        bytes = NONE;
        cursor.reset(NONE, 0, 0, 1);
        value.reset(NONE, 0, 0);
    }

    private void read(Source source, int from, int end) {
        source.matchesEnd = 0;
        Arrays.fill(source.from, ABSENT);
        if (names.length == 0 && !vocabulary.hasGlobs()) {
            return;
        }
        cursor.reset(bytes, from, end, source.field);
        while (cursor.next()) {
            find(source);
            if (vocabulary.hasGlobs() && source.matchesEnd < MAX_MATCHES * MATCH_SIZE) {
                int bits = bits(cursor.keyFrom(), cursor.keyEnd());
                if (bits != 0) {
                    source.add(cursor, bits);
                }
            }
        }
    }

    /** Notes where a value is, if its key is one of the names. */
    private void find(Source source) {
        int length = cursor.keyEnd() - cursor.keyFrom();
        for (int slot = 0; slot < names.length; slot++) {
            // Of a key that is there twice the first holds, as in the collector.
            if (names[slot].length == length && source.from[slot] == ABSENT && cursor.keyEquals(names[slot])) {
                source.from[slot] = cursor.valueFrom();
                source.end[slot] = cursor.valueEnd();
                return;
            }
        }
    }

    /** Writes what the dimensions of a list are, for telling series apart. */
    void appendTo(KeyBuffer key, DimensionSet set) {
        int[] slots = set.slots();
        for (int i = 0; i < slots.length; i++) {
            Source source = sourceOf(slots[i]);
            byte[] fallback = set.fallbacks()[i];
            if (source != null) {
                key.value(value.reset(bytes, source.from[slots[i]], source.end[slots[i]]));
            } else if (fallback.length > 0) {
                key.value(value.reset(fallback, 0, fallback.length));
            } else {
                key.absent();
            }
        }
        if (set.globs() != 0) {
            match(set.globs());
            for (int i = 0; i < matchesEnd; i += MATCH_SIZE) {
                key.text(bytes, matches[i], matches[i + 1]);
                key.value(value.reset(bytes, matches[i + 2], matches[i + 3]));
            }
            key.number(matchesEnd);
        }
    }

    /** Adds what the dimensions of a list are as attributes: values are the fields of an AnyValue. */
    void addTo(Map<String, byte[]> attributes, DimensionSet set) {
        int[] slots = set.slots();
        for (int i = 0; i < slots.length; i++) {
            int slot = slots[i];
            Source source = sourceOf(slot);
            byte[] fallback = set.fallbacks()[i];
            String name = new String(names[slot], StandardCharsets.UTF_8);
            if (source != null) {
                attributes.put(name, Arrays.copyOfRange(bytes, source.from[slot], source.end[slot]));
            } else if (fallback.length > 0) {
                attributes.put(name, fallback);
            }
        }
        if (set.globs() != 0) {
            match(set.globs());
            for (int i = 0; i < matchesEnd; i += MATCH_SIZE) {
                String name = new String(bytes, matches[i], matches[i + 1] - matches[i], StandardCharsets.UTF_8);
                attributes.put(name, Arrays.copyOfRange(bytes, matches[i + 2], matches[i + 3]));
            }
        }
    }

    private @Nullable Source sourceOf(int slot) {
        return span.from[slot] != ABSENT
                ? span
                : event.from[slot] != ABSENT ? event : resource.from[slot] != ABSENT ? resource : null;
    }

    private void match(int list) {
        matchesEnd = 0;
        take(list, span);
        take(list, event);
        take(list, resource);
        sort();
    }

    /** Adds what matches, but for what a place that is looked at before has too. */
    private void take(int list, Source source) {
        for (int i = 0; i < source.matchesEnd; i += MATCH_SIZE) {
            if ((source.matches[i + BITS] & list) != 0 && !isTaken(source.matches[i], source.matches[i + 1])) {
                System.arraycopy(source.matches, i, matches, matchesEnd, MATCH_SIZE);
                matchesEnd += MATCH_SIZE;
            }
        }
    }

    private boolean isTaken(int from, int end) {
        for (int i = 0; i < matchesEnd; i += MATCH_SIZE) {
            if (Arrays.equals(bytes, matches[i], matches[i + 1], bytes, from, end)) {
                return true;
            }
        }
        return false;
    }

    /** By insertion: there are few, and nothing is allocated. */
    private void sort() {
        for (int i = MATCH_SIZE; i < matchesEnd; i += MATCH_SIZE) {
            for (int j = i; j > 0 && compare(j - MATCH_SIZE, j) > 0; j -= MATCH_SIZE) {
                for (int k = j; k < j + MATCH_SIZE; k++) {
                    int other = matches[k];
                    matches[k] = matches[k - MATCH_SIZE];
                    matches[k - MATCH_SIZE] = other;
                }
            }
        }
    }

    private int compare(int a, int b) {
        return Arrays.compareUnsigned(bytes, matches[a], matches[a + 1], bytes, matches[b], matches[b + 1]);
    }

    private int bits(int from, int end) {
        long hash = knownNames.hash(bytes, from, end);
        int name = knownNames.find(hash, bytes, from, end);
        if (name < 0) {
            if (knownNames.size() == MAX_KNOWN_NAMES) {
                knownNames.clear();
            }
            name = knownNames.add(hash, bytes, from, end);
            if (name >= knownBits.length) {
                knownBits = Arrays.copyOf(knownBits, 2 * knownBits.length);
            }
            knownBits[name] = vocabulary.matching(new String(bytes, from, end - from, StandardCharsets.UTF_8));
        }
        return knownBits[name];
    }
}
