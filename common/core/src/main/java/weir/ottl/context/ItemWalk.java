package weir.ottl.context;

import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.FieldCursor;
import weir.otlp.Fields;
import weir.otlp.ItemCount;
import weir.otlp.Signal;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.otlp.edit.RequestEdit;
import weir.ottl.Limits;

/**
 * Goes through a request of any signal, outer before inner, and has something done at each resource, scope, item or part that is
 * asked for; writes the request anew if that changed or dropped anything. What is deeper than anybody asks for is not looked
 * into. To be used again and again; belongs to one thread.
 */
public final class ItemWalk {
    /** What is done. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Sees, and may edit, what the cursor stands at.
         *
         * @return false to drop it, with all that lies in it
         */
        boolean visit(Level level, Item item);
    }

    static final int EVENT_TAG = Fields.SPAN_EVENTS << 3 | Wire.BYTES;

    private final Visitor visitor;
    private final boolean resources;
    private final boolean scopes;
    private final boolean items;
    private final boolean parts;
    private final boolean dropsEmpty;
    private final boolean dropsEmptyScopes;

    private final Item item = new Item();
    private final RequestEdit request = new RequestEdit();
    private final FieldCursor inRequest = new FieldCursor();
    private final FieldCursor inResource = new FieldCursor();
    private final FieldCursor inScope = new FieldCursor();
    private Signal signal = Signal.TRACES;
    private byte[] bytes = new byte[0];
    private int dropped;

    /**
     * @param levels where the visitor is asked
     * @param dropsEmpty whether resources, scopes and metrics in which nothing is, or nothing is left, go
     */
    public ItemWalk(Set<Level> levels, boolean dropsEmpty, Visitor visitor) {
        this(levels, dropsEmpty ? Collections.max(levels) : null, visitor);
    }

    /** @param dropsEmptyTo the same down to a level, whose items are not looked into for that; null: none go */
    ItemWalk(Set<Level> levels, @Nullable Level dropsEmptyTo, Visitor visitor) {
        this.visitor = visitor;
        this.resources = levels.contains(Level.RESOURCE);
        this.scopes = levels.contains(Level.SCOPE);
        this.items = levels.contains(Level.ITEM);
        this.parts = levels.contains(Level.PART);
        this.dropsEmpty = dropsEmptyTo != null;
        this.dropsEmptyScopes = dropsEmptyTo != null && dropsEmptyTo != Level.RESOURCE;
    }

    /**
     * The batch as it is afterwards: the same if nothing changed; null if it is empty and such is dropped.
     *
     * @throws weir.ottl.OttlException as the visitor throws it; nothing was changed then
     */
    public @Nullable Batch walk(Batch batch) {
        signal = batch.signal();
        bytes = batch.bytes();
        dropped = 0;
        request.reset(batch);
        item.begin((Limits.MAX_WRITTEN_MIB << 20) + 4L * batch.length());
        boolean any = false;
        inRequest.reset(bytes, batch.offset(), batch.end());
        while (inRequest.next()) {
            if (inRequest.isBytes(1)) {
                any |= resource();
            }
        }
        bytes = new byte[0];
        return any || !dropsEmpty ? request.batch(batch.items() - dropped + made() - merged()) : null;
    }

    /** How many items the last walk dropped. */
    public int dropped() {
        return dropped;
    }

    /** How many data points the last walk added, in metrics that were made of others. */
    public int made() {
        return item.made().points();
    }

    /** How many data points the last walk took away because they are in others now. */
    public int merged() {
        return item.pointsMerged();
    }

    private boolean resource() {
        int from = inRequest.from();
        int end = inRequest.end();
        item.resource().reset(bytes, from, end);
        request.open(1, inRequest.start(), from, end);
        if (resources && !visitor.visit(Level.RESOURCE, item)) {
            dropped += ItemCount.ofResource(signal, bytes, from, end);
            request.closeWithout();
            return false;
        }
        boolean inside = scopes || items || parts;
        boolean any = false;
        if (inside || dropsEmpty) {
            inResource.reset(bytes, from, end);
            while (inResource.next()) {
                any |= inResource.isBytes(2) && (!inside || scope());
            }
        }
        if (dropsEmpty && !any) {
            request.closeWithout();
            return false;
        }
        if (item.resource().changed()) {
            item.resource().finish(request);
        }
        request.close();
        return true;
    }

    private boolean scope() {
        int from = inResource.from();
        int end = inResource.end();
        item.scope().reset(bytes, from, end);
        item.made().beginScope();
        request.open(2, inResource.start(), from, end);
        if (scopes && !visitor.visit(Level.SCOPE, item)) {
            dropped += ItemCount.ofScope(signal, bytes, from, end);
            request.closeWithout();
            return false;
        }
        boolean inside = items || parts;
        boolean any = false;
        if (inside || dropsEmptyScopes) {
            inScope.reset(bytes, from, end);
            while (inScope.next()) {
                any |= inScope.isBytes(2) && (!inside || item());
            }
            any |= madeMetrics(end);
        }
        if (dropsEmptyScopes && !any) {
            request.closeWithout();
            return false;
        }
        if (item.scope().changed()) {
            item.scope().finish(request);
        }
        request.close();
        return true;
    }

    private boolean item() {
        boolean stays = item(bytes, inScope.from(), inScope.end());
        if (!stays) {
            request.remove(inScope.start(), inScope.end());
        } else if (item.message().changed()) {
            request.replace(inScope.start(), inScope.end(), 2, item.message());
        }
        return stays;
    }

    /** Those that were made beside the scope's own come behind these; more may be made while they are visited. */
    private boolean madeMetrics(int scopeEnd) {
        MadeMetrics made = item.made();
        boolean any = false;
        for (int i = 0; i < made.count(); i++) {
            made.visit(i);
            if (item(made.bytes(), made.from(i), made.end(i))) {
                request.replace(scopeEnd, scopeEnd, 2, item.message());
                any = true;
            }
        }
        return any;
    }

    private boolean item(byte[] b, int from, int end) {
        item.moveTo(b, from, end, attributesField());
        if (items && !visitor.visit(Level.ITEM, item)) {
            dropped += signal == Signal.METRICS ? ItemCount.ofMetric(b, from, end) : 1;
            return false;
        }
        if (parts && signal == Signal.TRACES) {
            events(item.message());
        } else if (parts && signal == Signal.METRICS && !points()) {
            return false;
        }
        if (signal == Signal.METRICS) {
            item.finishData();
        }
        return true;
    }

    private int attributesField() {
        return switch (signal) {
            case TRACES -> Fields.SPAN_ATTRIBUTES;
            case METRICS -> Fields.METRIC_METADATA;
            case LOGS -> Fields.LOG_ATTRIBUTES;
        };
    }

    private void events(MessageEdit span) {
        int entries = span.entries();
        int index = 0;
        for (int i = 0; i < entries; i++) {
            if (span.tag(i) == EVENT_TAG) {
                item.moveToPart(index++, span, i, Fields.EVENT_ATTRIBUTES);
                if (!visitor.visit(Level.PART, item)) {
                    span.remove(i);
                } else if (item.part().changed()) {
                    span.replace(i, Fields.SPAN_EVENTS, item.part());
                }
            }
        }
    }

    /** Whether a metric stays: one without data does, one without data points does where empty ones are not dropped. */
    private boolean points() {
        MessageEdit data = item.data();
        int field = item.dataField();
        int attributes = PointField.ATTRIBUTES.of(field);
        int entries = data.entries();
        int index = 0;
        boolean any = field == 0;
        for (int i = 0; i < entries; i++) {
            if (Item.isPoint(data, i)) {
                item.moveToPart(index++, data, i, attributes);
                if (!visitor.visit(Level.PART, item)) {
                    data.remove(i);
                    dropped++;
                    continue;
                }
                any = true;
                if (item.part().changed()) {
                    data.replace(i, 1, item.part());
                }
            }
        }
        return any || !dropsEmpty;
    }
}
