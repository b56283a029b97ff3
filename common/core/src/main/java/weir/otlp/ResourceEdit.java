package weir.otlp;

import org.jspecify.annotations.Nullable;

/**
 * Changes attributes of resources in requests of any signal; what lies below a resource is copied as it is. To be used again
 * by one thread at a time.
 */
public final class ResourceEdit {
    /** What to do to each resource. */
    @FunctionalInterface
    public interface Edits {
        /** The edit of a resource, or null to leave it as it is. The view holds until this returns. */
        @Nullable
        AttributeEdit of(ResourceView resource);
    }

    /** Makes another message of one. */
    public interface Rewrite {
        /**
         * Looks at a message.
         *
         * @param attributes which field of it holds its attributes; see {@link Fields}
         * @return whether it is another one now
         */
        boolean apply(byte[] b, int from, int end, int attributes);

        /** Holds the other one, from {@link #from} to {@link #end}, until the next {@link #apply}. */
        byte[] bytes();

        int from();

        /** Exclusive. */
        int end();
    }

    /** Room for what an edit adds, so that most edits need no second array. */
    private static final int ROOM_BYTES = 1024;

    private final FieldCursor resources = new FieldCursor();
    private final FieldCursor fields = new FieldCursor();
    private final ResourceView view = new ResourceView();
    private final Output merged = new Output(ROOM_BYTES);
    private final Output edited = new Output(ROOM_BYTES);

    /** A batch in which all resources have been edited alike. */
    public Batch apply(Batch batch, AttributeEdit edit) {
        return edit.isEmpty() ? batch : apply(batch, _ -> edit);
    }

    /** A batch in which each resource has been edited as told; the same batch if none was. */
    public Batch apply(Batch batch, Edits edits) {
        byte[] b = batch.bytes();
        @Nullable Output out = null;
        int copied = batch.offset();
        resources.reset(b, batch.offset(), batch.end());
        while (resources.next()) {
            if (!resources.isBytes(1)) {
                continue;
            }
            AttributeEdit edit = edits.of(view.reset(b, resources.from(), resources.end()));
            if (edit == null || edit.isEmpty()) {
                continue;
            }
            if (out == null) {
                out = new Output(batch.length() + ROOM_BYTES);
            }
            out.put(b, copied, resources.start());
            resource(b, resources.from(), resources.end(), edit, out);
            copied = resources.end();
        }
        if (out == null) {
            return batch;
        }
        out.put(b, copied, batch.end());
        return Batch.of(batch.signal(), out.bytes(), 0, out.size(), batch.items())
                .routed(batch.routedBy(), batch.isForwarded());
    }

    /** A batch in which each resource is what it was made into; the same batch if none was changed. */
    public Batch rewrite(Batch batch, Rewrite rewrite) {
        byte[] b = batch.bytes();
        @Nullable Output out = null;
        int copied = batch.offset();
        resources.reset(b, batch.offset(), batch.end());
        while (resources.next()) {
            if (!resources.isBytes(1)) {
                continue;
            }
            int others = merge(b, resources.from(), resources.end());
            if (!rewrite.apply(merged.bytes(), 0, merged.size(), Fields.RESOURCE_ATTRIBUTES)) {
                continue;
            }
            out = out == null ? new Output(batch.length() + ROOM_BYTES) : out;
            out.put(b, copied, resources.start());
            resource(b, resources.from(), resources.end(), rewrite.bytes(), rewrite.from(), rewrite.end(), others, out);
            copied = resources.end();
        }
        if (out == null) {
            return batch;
        }
        out.put(b, copied, batch.end());
        return Batch.of(batch.signal(), out.bytes(), 0, out.size(), batch.items())
                .routed(batch.routedBy(), batch.isForwarded());
    }

    /** Gathers what a ResourceSpans says of its Resource, which may be in several fields; how much else there is. */
    private int merge(byte[] b, int from, int end) {
        merged.clear();
        int others = end - from;
        fields.reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                merged.put(b, fields.from(), fields.end());
                others -= fields.end() - fields.start();
            }
        }
        return others;
    }

    private void resource(byte[] b, int from, int end, AttributeEdit edit, Output out) {
        int others = merge(b, from, end);
        edited.clear();
        edit.apply(merged.bytes(), 0, merged.size(), Fields.RESOURCE_ATTRIBUTES, edited);
        resource(b, from, end, edited.bytes(), 0, edited.size(), others, out);
    }

    private void resource(byte[] b, int from, int end, byte[] head, int headFrom, int headEnd, int others, Output out) {
        out.header(1, Wire.fieldSize(headEnd - headFrom) + others);
        out.field(1, head, headFrom, headEnd);
        int copied = from;
        fields.reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                out.put(b, copied, fields.start());
                copied = fields.end();
            }
        }
        out.put(b, copied, end);
    }
}
