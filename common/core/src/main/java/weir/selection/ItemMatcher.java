package weir.selection;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.otlp.AnyValueText;
import weir.otlp.AttributeCursor;
import weir.otlp.Attributes;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.ResourceView;
import weir.otlp.TreeSplit;
import weir.otlp.ValueType;
import weir.otlp.ValueView;

/**
 * Whether items of a request are meant. What is asked of a resource, a scope or a metric is asked once for all items in a row
 * that lie in it. Belongs to one thread.
 */
public final class ItemMatcher {
    private static final byte[] SERVICE_NAME = Attributes.key("service.name");
    private static final String NO_SERVICE = "<nil-service-name>";
    private static final int NONE = -1;
    private static final int SCOPE_NAME = 1;
    private static final int SCOPE_VERSION = 2;
    private static final int SPAN_KIND = 6;
    private static final int LOG_SEVERITY_NUMBER = 2;
    private static final int LOG_SEVERITY_TEXT = 3;
    private static final String[] KINDS = {
        "SPAN_KIND_UNSPECIFIED",
        "SPAN_KIND_INTERNAL",
        "SPAN_KIND_SERVER",
        "SPAN_KIND_CLIENT",
        "SPAN_KIND_PRODUCER",
        "SPAN_KIND_CONSUMER"
    };

    private record Library(Texts name, @Nullable Texts version) {}

    private final TreeSplit.Leaf leaf;
    private final @Nullable Texts services;
    private final @Nullable Texts spanNames;
    private final boolean @Nullable [] spanKinds;
    private final @Nullable Texts logBodies;
    private final @Nullable Texts logSeverityTexts;
    private final MatchProperties.@Nullable Severity severity;
    private final @Nullable Texts metricNames;
    private final AttributesMatcher attributes;
    private final AttributesMatcher resources;
    private final List<Library> libraries = new ArrayList<>();

    private final FieldCursor fields = new FieldCursor();
    private final AttributeCursor cursor = new AttributeCursor();
    private final ResourceView view = new ResourceView();
    private final ValueView body = new ValueView();

    private int resource;
    private boolean resourceMatches;
    private int inner;
    private boolean innerMatches;

    /** @param leaf what is asked about: a span, a log record, and of metrics a metric or data point */
    public ItemMatcher(MatchProperties properties, TreeSplit.Leaf leaf) {
        MatchProperties.MatchType type = properties.matchType();
        this.leaf = leaf;
        services = texts(type, properties.services());
        spanNames = texts(type, properties.spanNames());
        logBodies = texts(type, properties.logBodies());
        logSeverityTexts = texts(type, properties.logSeverityTexts());
        severity = properties.logSeverityNumber();
        metricNames = texts(type, properties.metricNames());
        attributes = new AttributesMatcher(type, properties.attributes());
        resources = new AttributesMatcher(type, properties.resources());
        for (MatchProperties.Library library : properties.libraries()) {
            String version = library.version();
            libraries.add(new Library(
                    Texts.of(type, List.of(library.name())),
                    version == null ? null : Texts.of(type, List.of(version))));
        }
        Texts kinds = texts(type, properties.spanKinds());
        boolean[] meant = new boolean[KINDS.length];
        for (int i = 0; kinds != null && i < meant.length; i++) {
            meant[i] = kinds.match(KINDS[i]);
        }
        spanKinds = kinds == null ? null : meant;
    }

    private static @Nullable Texts texts(MatchProperties.MatchType type, List<String> texts) {
        return texts.isEmpty() ? null : Texts.of(type, texts);
    }

    /** To be called before the items of a request are asked about. */
    public void begin() {
        resource = NONE;
        inner = NONE;
    }

    /** Whether an item is meant. */
    public boolean matches(byte[] b, TreeSplit tree, int item) {
        int itsResource = tree.above(item, 0);
        if (itsResource != resource) {
            resource = itsResource;
            resourceMatches = matchesResource(b, tree.nodeFrom(itsResource), tree.nodeEnd(itsResource));
        }
        return resourceMatches
                && switch (leaf) {
                    case SPAN -> matchesScopeOf(b, tree, item) && matchesSpan(b, tree.from(item), tree.end(item));
                    case LOG_RECORD -> matchesScopeOf(b, tree, item) && matchesLog(b, tree.from(item), tree.end(item));
                    case METRIC -> matchesMetric(b, tree.from(item), tree.end(item));
                    case DATA_POINT -> matchesMetricOf(b, tree, item);
                };
    }

    private boolean matchesScopeOf(byte[] b, TreeSplit tree, int item) {
        int scope = tree.above(item, 1);
        if (scope != inner) {
            inner = scope;
            innerMatches = matchesScope(b, tree.nodeFrom(scope), tree.nodeEnd(scope));
        }
        return innerMatches;
    }

    private boolean matchesMetricOf(byte[] b, TreeSplit tree, int item) {
        int metric = tree.above(item, 2);
        if (metric != inner) {
            inner = metric;
            innerMatches = matchesMetric(b, tree.nodeFrom(metric), tree.nodeEnd(metric));
        }
        return innerMatches;
    }

    private boolean matchesMetric(byte[] b, int from, int end) {
        return matchesField(metricNames, b, from, end, Fields.METRIC_NAME);
    }

    private boolean matchesResource(byte[] b, int from, int end) {
        view.reset(b, from, end);
        if (services != null) {
            boolean found = cursor.reset(b, view.headFrom(), view.headEnd(), Fields.RESOURCE_ATTRIBUTES)
                    .find(SERVICE_NAME);
            ValueView name = found ? cursor.value() : body.reset(b, from, from);
            boolean match = name.type() == ValueType.STRING
                    ? services.match(name.bytes(), name.from(), name.end())
                    : services.match(found ? AnyValueText.of(name) : NO_SERVICE);
            if (!match) {
                return false;
            }
        }
        return resources.match(b, view.headFrom(), view.headEnd(), Fields.RESOURCE_ATTRIBUTES);
    }

    private boolean matchesScope(byte[] b, int from, int end) {
        if (libraries.isEmpty()) {
            return true;
        }
        view.reset(b, from, end);
        for (Library library : libraries) {
            if (!matchesField(library.name, b, view.headFrom(), view.headEnd(), SCOPE_NAME)
                    || !matchesField(library.version, b, view.headFrom(), view.headEnd(), SCOPE_VERSION)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a field of text is meant; an absent one is empty. */
    private boolean matchesField(@Nullable Texts texts, byte[] b, int from, int end, int field) {
        if (texts == null) {
            return true;
        }
        int valueFrom = from;
        int valueEnd = from;
        for (fields.reset(b, from, end); fields.next(); ) {
            if (fields.isBytes(field)) {
                valueFrom = fields.from();
                valueEnd = fields.end();
            }
        }
        return texts.match(b, valueFrom, valueEnd);
    }

    private boolean matchesSpan(byte[] b, int from, int end) {
        return matchesField(spanNames, b, from, end, Fields.SPAN_NAME)
                && (spanKinds == null || isKind(number(b, from, end, SPAN_KIND), spanKinds))
                && attributes.match(b, from, end, Fields.SPAN_ATTRIBUTES);
    }

    private static boolean isKind(long kind, boolean[] meant) {
        return kind >= 0 && kind < meant.length && meant[(int) kind];
    }

    private long number(byte[] b, int from, int end, int field) {
        long number = 0;
        for (fields.reset(b, from, end); fields.next(); ) {
            if (fields.field() == field) {
                number = fields.number();
            }
        }
        return number;
    }

    private boolean matchesLog(byte[] b, int from, int end) {
        return (logBodies == null || matchesBody(logBodies, b, from, end))
                && matchesField(logSeverityTexts, b, from, end, LOG_SEVERITY_TEXT)
                && (severity == null || isSevere(number(b, from, end, LOG_SEVERITY_NUMBER), severity))
                && attributes.match(b, from, end, Fields.LOG_ATTRIBUTES);
    }

    private static boolean isSevere(long number, MatchProperties.Severity severity) {
        return number == 0 ? severity.matchUndefined() : number >= severity.min();
    }

    private boolean matchesBody(Texts bodies, byte[] b, int from, int end) {
        body.reset(b, from, from);
        for (fields.reset(b, from, end); fields.next(); ) {
            if (fields.isBytes(Fields.LOG_BODY)) {
                body.reset(b, fields.from(), fields.end());
            }
        }
        return body.type() == ValueType.STRING
                ? bodies.match(b, body.from(), body.end())
                : bodies.match(AnyValueText.of(body));
    }
}
