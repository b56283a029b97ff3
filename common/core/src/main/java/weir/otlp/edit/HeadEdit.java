package weir.otlp.edit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weir.otlp.FieldCursor;
import weir.otlp.Output;

/**
 * What stands before the items in a ResourceSpans, ScopeSpans or one of the four messages like them: the Resource or
 * InstrumentationScope, and the schema's URL. Looked for when it is first asked for. To be used again; belongs to one thread.
 */
public final class HeadEdit {
    private static final int HEAD = 1;
    private static final int SCHEMA_URL = 3;
    private static final byte[] NONE = {};

    private final int attributesField;
    private final FieldCursor fields = new FieldCursor();
    private final MessageEdit message = new MessageEdit();
    private final Output merged = new Output(64);
    private byte[] bytes = NONE;
    private int from;
    private int end;
    private boolean found;
    private int urlFrom;
    private int urlEnd;
    private byte @Nullable [] newUrl;
    private int urlRevision;

    /** @param attributesField which field of the Resource or InstrumentationScope holds attributes */
    public HeadEdit(int attributesField) {
        this.attributesField = attributesField;
    }

    /** Begins with the message, of ResourceSpans and such, whose fields lie here, and forgets the former. */
    public void reset(byte[] b, int fieldsFrom, int fieldsEnd) {
        bytes = b;
        from = fieldsFrom;
        end = fieldsEnd;
        found = false;
        newUrl = null;
        // Forgets the edit of the former, so that what is changed is told of this one.
        message.reset(b, fieldsFrom, fieldsFrom, attributesField);
    }

    /** The Resource or InstrumentationScope; one that is not there is empty. */
    public MessageEdit message() {
        find();
        return message;
    }

    /** Whether anything was changed since {@link #reset}. */
    public boolean changed() {
        return newUrl != null || message.changed();
    }

    /** A number that is another after each change; see {@link MessageEdit#revision}. */
    public int revision() {
        return urlRevision + message.revision();
    }

    /** The array that the schema's URL lies in. */
    public byte[] urlBytes() {
        find();
        return newUrl == null ? bytes : newUrl;
    }

    public int urlFrom() {
        find();
        return newUrl == null ? urlFrom : 0;
    }

    /** Exclusive. */
    public int urlEnd() {
        find();
        return newUrl == null ? urlEnd : newUrl.length;
    }

    /** Sets the schema's URL to a copy of this text. */
    public void setUrl(byte[] text, int textFrom, int textEnd) {
        newUrl = Arrays.copyOfRange(text, textFrom, textEnd);
        urlRevision++;
    }

    /** Puts what was changed into the request, in which the message that this is of must be the open one. */
    public void finish(RequestEdit request) {
        if (message.changed()) {
            put(request, HEAD);
        }
        if (newUrl != null) {
            put(request, SCHEMA_URL);
        }
    }

    /** Replaces the first field of this number by what it is now, and leaves out any other. */
    private void put(RequestEdit request, int field) {
        boolean there = false;
        fields.reset(bytes, from, end);
        while (fields.next()) {
            if (!fields.isBytes(field)) {
                continue;
            }
            if (there) {
                request.remove(fields.start(), fields.end());
            } else {
                put(request, fields.start(), fields.end(), field);
            }
            there = true;
        }
        if (!there) {
            put(request, from, from, field);
        }
    }

    private void put(RequestEdit request, int tagAt, int fieldEnd, int field) {
        byte[] url = newUrl;
        if (field == HEAD) {
            request.replace(tagAt, fieldEnd, field, message);
        } else if (url != null) {
            request.replace(tagAt, fieldEnd, field, url, 0, url.length);
        }
    }

    private void find() {
        if (found) {
            return;
        }
        found = true;
        int heads = 0;
        int headFrom = from;
        int headEnd = from;
        urlFrom = from;
        urlEnd = from;
        fields.reset(bytes, from, end);
        while (fields.next()) {
            if (fields.isBytes(HEAD)) {
                heads++;
                headFrom = fields.from();
                headEnd = fields.end();
            } else if (fields.isBytes(SCHEMA_URL)) {
                urlFrom = fields.from();
                urlEnd = fields.end();
            }
        }
        if (heads < 2) {
            message.reset(bytes, headFrom, headEnd, attributesField);
        } else {
            merge();
        }
    }

    /** A message that comes in several pieces is what they are one after another. */
    private void merge() {
        merged.clear();
        fields.reset(bytes, from, end);
        while (fields.next()) {
            if (fields.isBytes(HEAD)) {
                merged.put(bytes, fields.from(), fields.end());
            }
        }
        message.reset(merged.bytes(), 0, merged.size(), attributesField);
    }
}
