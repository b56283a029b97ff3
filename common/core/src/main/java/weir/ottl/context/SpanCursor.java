package weir.ottl.context;

import weir.otlp.Fields;
import weir.otlp.edit.MessageEdit;

/**
 * Stands at one span after the other wherever they lie, and at each one's events, for who keeps spans and asks conditions about
 * them. {@link ItemWalk} is for whole requests, and for what edits them. Belongs to one thread at a time.
 */
public final class SpanCursor {
    private final Item item = new Item();
    private int nextEntry;
    private int nextEvent;

    /**
     * The spans from now on are of this resource.
     *
     * @param b checked bytes, here and below
     * @param from where the fields of a ResourceSpans begin; its scopes may be missing
     * @param end where they end, exclusive
     */
    public void resource(byte[] b, int from, int end) {
        item.resource().reset(b, from, end);
    }

    /**
     * The spans from now on are of this scope.
     *
     * @param from where the fields of a ScopeSpans begin; its spans may be missing
     * @param end where they end, exclusive
     */
    public void scope(byte[] b, int from, int end) {
        item.scope().reset(b, from, end);
    }

    /**
     * Moves to a span, before its first event.
     *
     * @param from where the fields of a Span begin
     * @param end where they end, exclusive
     */
    public void span(byte[] b, int from, int end) {
        item.moveTo(b, from, end, Fields.SPAN_ATTRIBUTES);
        beforeEvents();
    }

    /** Moves before the first event of the span. */
    public void beforeEvents() {
        nextEntry = 0;
        nextEvent = 0;
    }

    /** Moves to the next event of the span; false if there is none. */
    public boolean nextEvent() {
        MessageEdit span = item.message();
        int entries = span.entries();
        while (nextEntry < entries) {
            int entry = nextEntry++;
            if (span.tag(entry) == ItemWalk.EVENT_TAG) {
                item.moveToPart(nextEvent++, span, entry, Fields.EVENT_ATTRIBUTES);
                return true;
            }
        }
        return false;
    }

    /** What it stands at: of {@link Contexts#SPAN} and, after {@link #nextEvent}, of {@link Contexts#SPAN_EVENT}. */
    public Item item() {
        return item;
    }
}
