package weir.gateway.prometheus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.otlp.AnyValueText;
import weir.otlp.FieldCursor;

/**
 * What the walk of a batch has passed on the way to a point: resource, scope and metric, as offsets into the batch's bytes,
 * and the hash that they make. Belongs to one thread.
 *
 * <p>Source of the field numbers: opentelemetry-proto 1.11, metrics.proto, resource.proto and common.proto.
 */
final class Source {
    private static final String SERVICE_NAME = "service.name";
    private static final String SERVICE_NAMESPACE = "service.namespace";
    private static final String SERVICE_INSTANCE = "service.instance.id";

    private static final byte[] INSTANCE_KEY = SERVICE_INSTANCE.getBytes(StandardCharsets.UTF_8);

    /** Temporality: a point tells what happened since the one before. */
    static final int DELTA = 1;

    /** Temporality: a point tells what happened since the start. */
    static final int CUMULATIVE = 2;

    private final Identity identity;
    private final FieldCursor fields = new FieldCursor();
    private final FieldCursor inner = new FieldCursor();
    private byte[] bytes = {};

    private final Ranges resource = new Ranges();
    private @Nullable Map<String, String> resourceTexts;
    long resourceHigh;
    long resourceLow;

    private final Ranges scope = new Ranges();
    /** Name, version, schema URL. */
    private final int[] scopeTexts = new int[6];

    private long scopeHigh;
    private long scopeLow;

    /** Name, description, unit. */
    private final int[] metricTexts = new int[6];

    private final Ranges metadata = new Ranges();
    Point.@Nullable Kind kind;
    int dataFrom;
    int dataTo;
    int temporality;
    boolean monotonic;
    long high;
    long low;

    Source(Identity identity) {
        this.identity = identity;
    }

    void readResource(byte[] b, int from, int to) {
        bytes = b;
        resource.clear();
        resourceTexts = null;
        fields.reset(b, from, to);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                inner.reset(b, fields.from(), fields.end());
                while (inner.next()) {
                    if (inner.isBytes(1)) {
                        resource.add(inner.from(), inner.end());
                    }
                }
            }
        }
        identity.begin().addAttributes(b, resource);
        resourceHigh = identity.high();
        resourceLow = identity.low();
    }

    void readScope(byte[] b, int from, int to) {
        scope.clear();
        Arrays.fill(scopeTexts, 0);
        fields.reset(b, from, to);
        while (fields.next()) {
            if (fields.isBytes(3)) {
                remember(scopeTexts, 2, fields);
            } else if (fields.isBytes(1)) {
                inner.reset(b, fields.from(), fields.end());
                while (inner.next()) {
                    switch (inner.tag()) {
                        case 1 << 3 | 2 -> remember(scopeTexts, 0, inner);
                        case 2 << 3 | 2 -> remember(scopeTexts, 1, inner);
                        case 3 << 3 | 2 -> scope.add(inner.from(), inner.end());
                        default -> {}
                    }
                }
            }
        }
        identity.begin(resourceHigh, resourceLow);
        for (int i = 0; i < scopeTexts.length; i += 2) {
            identity.add(b, scopeTexts[i], scopeTexts[i + 1]);
        }
        identity.addAttributes(b, scope);
        scopeHigh = identity.high();
        scopeLow = identity.low();
    }

    void readMetric(byte[] b, int from, int to) {
        Arrays.fill(metricTexts, 0);
        metadata.clear();
        kind = null;
        temporality = 0;
        monotonic = false;
        fields.reset(b, from, to);
        while (fields.next()) {
            switch (fields.tag()) {
                case 1 << 3 | 2 -> remember(metricTexts, 0, fields);
                case 2 << 3 | 2 -> remember(metricTexts, 1, fields);
                case 3 << 3 | 2 -> remember(metricTexts, 2, fields);
                case 12 << 3 | 2 -> metadata.add(fields.from(), fields.end());
                default -> readKind();
            }
        }
        if (kind == null) {
            return;
        }
        inner.reset(b, dataFrom, dataTo);
        while (inner.next()) {
            if (inner.field() == 2) {
                temporality = (int) inner.number();
            } else if (inner.field() == 3) {
                monotonic = inner.number() != 0;
            }
        }
        identity.begin(scopeHigh, scopeLow)
                .add(b, metricTexts[0], metricTexts[1])
                .add(b, metricTexts[4], metricTexts[5])
                .add(kind.field | temporality << 8 | (monotonic ? 1 << 16 : 0))
                .addAttributes(b, metadata);
        high = identity.high();
        low = identity.low();
    }

    private void readKind() {
        for (Point.Kind k : Point.Kind.ALL) {
            if (fields.isBytes(k.field)) {
                kind = k;
                dataFrom = fields.from();
                dataTo = fields.end();
            }
        }
    }

    private static void remember(int[] texts, int i, FieldCursor at) {
        texts[2 * i] = at.from();
        texts[2 * i + 1] = at.end();
    }

    private String utf8(int from, int end) {
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    String scopeName() {
        return utf8(scopeTexts[0], scopeTexts[1]);
    }

    String scopeVersion() {
        return utf8(scopeTexts[2], scopeTexts[3]);
    }

    String scopeSchemaUrl() {
        return utf8(scopeTexts[4], scopeTexts[5]);
    }

    Map<String, String> scopeAttributes() {
        return attributes(scope);
    }

    String metricName() {
        return utf8(metricTexts[0], metricTexts[1]);
    }

    String description() {
        return utf8(metricTexts[2], metricTexts[3]);
    }

    String unit() {
        return utf8(metricTexts[4], metricTexts[5]);
    }

    Map<String, String> metadata() {
        return attributes(metadata);
    }

    /** The resource's attributes; made once per resource of a batch, when a series is new. */
    Map<String, String> resourceAttributes() {
        Map<String, String> texts = resourceTexts;
        if (texts == null) {
            texts = attributes(resource);
            resourceTexts = texts;
        }
        return texts;
    }

    /** {@code service.namespace/service.name}, or the name alone; empty without one. */
    String job() {
        String name = resourceAttributes().getOrDefault(SERVICE_NAME, "");
        String namespace = resourceAttributes().getOrDefault(SERVICE_NAMESPACE, "");
        return name.isEmpty() || namespace.isEmpty() ? name : namespace + "/" + name;
    }

    String instance() {
        return resourceAttributes().getOrDefault(SERVICE_INSTANCE, "");
    }

    /** Whether the resource may tell an instance; asked for each resource of each batch, so by its bytes. */
    boolean mayBeTarget() {
        for (int i = 0; i < resource.count(); i++) {
            inner.reset(bytes, resource.from(i), resource.to(i));
            while (inner.next()) {
                boolean key = inner.isBytes(1);
                if (key && Arrays.equals(bytes, inner.from(), inner.end(), INSTANCE_KEY, 0, INSTANCE_KEY.length)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a key is one of those that job and instance are made of. */
    static boolean isService(String key) {
        return key.equals(SERVICE_NAME) || key.equals(SERVICE_NAMESPACE) || key.equals(SERVICE_INSTANCE);
    }

    /** Attributes by key; of two with one key the last holds, as where a processor has set it anew. */
    Map<String, String> attributes(Ranges keyValues) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < keyValues.count(); i++) {
            String key = "";
            String value = "";
            FieldCursor entry = new FieldCursor().reset(bytes, keyValues.from(i), keyValues.to(i));
            while (entry.next()) {
                if (entry.isBytes(1)) {
                    key = utf8(entry.from(), entry.end());
                } else if (entry.isBytes(2)) {
                    value = AnyValueText.of(bytes, entry.from(), entry.end());
                }
            }
            attributes.put(key, value);
        }
        return attributes;
    }
}
