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
        return Batch.of(batch.signal(), out.bytes(), 0, out.size(), batch.items());
    }

    private void resource(byte[] b, int from, int end, AttributeEdit edit, Output out) {
        merged.clear();
        int others = end - from;
        fields.reset(b, from, end);
        while (fields.next()) {
            if (fields.isBytes(1)) {
                merged.put(b, fields.from(), fields.end());
                others -= fields.end() - fields.start();
            }
        }
        edited.clear();
        edit.apply(merged.bytes(), 0, merged.size(), Fields.RESOURCE_ATTRIBUTES, edited);
        out.header(1, Wire.fieldSize(edited.size()) + others);
        out.field(1, edited.bytes(), 0, edited.size());
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
