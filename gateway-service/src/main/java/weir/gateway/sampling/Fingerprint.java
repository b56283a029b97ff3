package weir.gateway.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import weir.otlp.AnyValueText;
import weir.otlp.AttributeCursor;
import weir.otlp.Attributes;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.Wire;

/**
 * What traces have in common that should be sampled alike: the distinct values of some attributes of their spans, as one
 * text. Bounded, so traces with very many different values may share one. Belongs to who holds the shard's lock.
 */
final class Fingerprint {
    private static final int MAX_SPANS = 1000;
    private static final int MAX_VALUES = 10;
    private static final int MAX_VALUE_LENGTH = 200;
    private static final String MISSING = "-";

    /** Whose attribute is meant. */
    private enum Scope {
        RESOURCE,
        SPAN,
        ROOT,
        ANY
    }

    private record Wanted(Scope scope, byte[] key) {}

    private final List<Wanted> wanted;
    private final AttributeCursor cursor = new AttributeCursor();
    private final FieldCursor fields = new FieldCursor();

    /** @param names of attributes, each after {@code resource.}, {@code span.}, {@code root.} or {@code any.} */
    Fingerprint(List<String> names) {
        List<Wanted> all = new ArrayList<>();
        for (String name : names) {
            int dot = name.indexOf('.');
            all.add(new Wanted(
                    Scope.valueOf(name.substring(0, dot).toUpperCase(Locale.ROOT)),
                    Attributes.key(name.substring(dot + 1))));
        }
        wanted = List.copyOf(all);
    }

    /** Whether a name can be given to the constructor. */
    static boolean isName(String name) {
        return name.matches("(resource|span|root|any)\\..+");
    }

    String of(TraceSummary trace, SpanLog log) {
        if (wanted.isEmpty()) {
            return "";
        }
        List<SortedSet<String>> found = new ArrayList<>();
        wanted.forEach(w -> found.add(new TreeSet<>()));
        int position = trace.newest();
        for (int n = 0; n < MAX_SPANS && position != SpanLog.NOWHERE; n++) {
            byte[] segment = log.bytesOf(position);
            int record = log.offset(position);
            look(segment, record, found);
            position = SpanLog.previous(segment, record);
        }
        StringBuilder text = new StringBuilder();
        for (SortedSet<String> values : found) {
            text.append(values.isEmpty() ? MISSING : String.join(",", values)).append('\u2022');
        }
        return text.toString();
    }

    private void look(byte[] segment, int record, List<SortedSet<String>> found) {
        int from = record + SpanLog.SPAN_OVERHEAD;
        int end = from + SpanLog.spanLength(segment, record);
        int header = SpanLog.resource(segment, SpanLog.scope(segment, record));
        int resource = SpanLog.headerFrom(header);
        int resourceEnd = resource + SpanLog.headerLength(segment, header);
        for (int i = 0; i < wanted.size(); i++) {
            Wanted w = wanted.get(i);
            SortedSet<String> values = found.get(i);
            if (values.size() >= MAX_VALUES) {
                continue;
            }
            if (w.scope == Scope.RESOURCE || w.scope == Scope.ANY) {
                for (fields.reset(segment, resource, resourceEnd); fields.next(); ) {
                    if (fields.isBytes(1)) {
                        take(segment, fields.from(), fields.end(), Fields.RESOURCE_ATTRIBUTES, w.key, values);
                    }
                }
            }
            if (w.scope == Scope.SPAN
                    || w.scope == Scope.ANY
                    || (w.scope == Scope.ROOT && isRoot(segment, from, end))) {
                take(segment, from, end, Fields.SPAN_ATTRIBUTES, w.key, values);
            }
        }
    }

    private boolean isRoot(byte[] b, int from, int end) {
        for (fields.reset(b, from, end); fields.next(); ) {
            if (fields.isBytes(4) && fields.end() > fields.from()) {
                return Wire.fixed64(b, fields.from()) == 0;
            }
        }
        return true;
    }

    private void take(byte[] b, int from, int end, int field, byte[] key, SortedSet<String> values) {
        if (cursor.reset(b, from, end, field).find(key)) {
            String value = AnyValueText.of(cursor.value());
            values.add(value.length() > MAX_VALUE_LENGTH ? value.substring(0, MAX_VALUE_LENGTH) : value);
        }
    }
}
