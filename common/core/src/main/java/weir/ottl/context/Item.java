package weir.ottl.context;

import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.Wire;
import weir.otlp.edit.HeadEdit;
import weir.otlp.edit.MessageEdit;
import weir.ottl.EncodedMap;
import weir.ottl.Limits;
import weir.ottl.OttlException;

/**
 * The cursor that statements see a request through: a resource, a scope in it, an item of that (span, metric or log record),
 * and of a span or metric a part, its event or data point. {@link ItemWalk} moves it. What is below the level that is
 * visited is meaningless. Belongs to one thread.
 */
public final class Item {
    private static final int POINT_TAG = 1 << 3 | Wire.BYTES;

    private final HeadEdit resource = new HeadEdit(Fields.RESOURCE_ATTRIBUTES);
    private final HeadEdit scope = new HeadEdit(Fields.SCOPE_ATTRIBUTES);
    private final MessageEdit message = new MessageEdit();
    private final MessageEdit part = new MessageEdit();
    private final MessageEdit data = new MessageEdit();
    private final MadeMetrics made = new MadeMetrics();
    private final EncodedMap cache = new EncodedMap();
    private boolean dataFound;
    private int dataEntry;
    private int dataField;
    private int partIndex;
    private int partEntry;
    private int pointsMerged;
    private int looksAtResource;
    private int looksAtScope;
    /** Where nobody says otherwise, as many as there are. */
    private long leftBytes = Long.MAX_VALUE;

    /** Begins with a request, to whose items so many bytes may be written, old versions of what is written twice among them. */
    void begin(long bytes) {
        leftBytes = bytes;
        made.beginRequest();
        pointsMerged = 0;
    }

    /**
     * Asked before a value is written to something of the request.
     *
     * @throws OttlException if there is no room for it
     */
    void spend(long bytes) {
        if (bytes > leftBytes) {
            throw new OttlException("would write more than " + Limits.MAX_WRITTEN_MIB
                    + " MiB, and four times the request's bytes, to one request");
        }
        leftBytes -= bytes;
    }

    /** The resource and its schema's URL. */
    HeadEdit resource() {
        return resource;
    }

    /** The scope and its schema's URL. */
    HeadEdit scope() {
        return scope;
    }

    /** The same for what statements read or write, which is counted; see {@link #looksAbove}. */
    HeadEdit resourceLookedAt() {
        looksAtResource++;
        return resource;
    }

    /** The same for what statements read or write, which is counted; see {@link #looksAbove}. */
    HeadEdit scopeLookedAt() {
        looksAtScope++;
        return scope;
    }

    /** A number that is another after each look of a statement at the resource or scope, if those lie above a level. */
    int looksAbove(Level level) {
        return switch (level) {
            case RESOURCE -> 0;
            case SCOPE -> looksAtResource;
            case ITEM, PART -> looksAtResource + looksAtScope;
        };
    }

    /** The span, metric or log record. */
    MessageEdit message() {
        return message;
    }

    /** The event or data point. */
    MessageEdit part() {
        return part;
    }

    /** Of metrics: those that are made beside the metrics of the scope. */
    MadeMetrics made() {
        return made;
    }

    /** What statements keep of an item for later ones. */
    EncodedMap cache() {
        return cache;
    }

    /** Begins with other statements, which do not see what these keep. */
    public void forget() {
        if (cache.size() > 0) {
            cache.reset();
        }
    }

    /** Of an event: the how manieth of its span it was, from 0. */
    int partIndex() {
        return partIndex;
    }

    /** A number that is another after each change of what lies above a level, to which the metrics of a scope belong. */
    public int revisionAbove(Level level) {
        return switch (level) {
            case RESOURCE -> 0;
            case SCOPE -> resource.revision();
            case ITEM -> resource.revision() + scope.revision() + made.revision();
            case PART ->
                resource.revision() + scope.revision() + made.revision() + message.revision() + data.revision();
        };
    }

    void moveTo(byte[] b, int from, int end, int attributesField) {
        message.reset(b, from, end, attributesField);
        dataFound = false;
    }

    /** @param in what the part is an entry of: the span, or the metric's data */
    void moveToPart(int index, MessageEdit in, int entry, int attributesField) {
        partIndex = index;
        partEntry = entry;
        part.reset(in.bytes(entry), in.from(entry), in.end(entry), attributesField);
    }

    /** Of a data point: puts what was changed about it by now into the metric's data, where other points are read too. */
    void putPartIntoData() {
        if (part.changed()) {
            data.replace(partEntry, 1, part);
        }
    }

    /** Of a metric: its Gauge, Sum, Histogram, ExponentialHistogram or Summary; {@link #dataField} tells which. */
    MessageEdit data() {
        findData();
        return data;
    }

    /** Of a metric: the number of the field that its data is, such as {@link Fields#METRIC_SUM}; 0 if it has none. */
    int dataField() {
        findData();
        return dataField;
    }

    /** Of a metric: whether it is of a type, so that it may have data points. */
    public boolean hasData() {
        return dataField() != 0;
    }

    /** Of a metric: whether an entry of its data is a data point. */
    static boolean isPoint(MessageEdit data, int entry) {
        return data.tag(entry) == POINT_TAG;
    }

    /** Puts what was changed about a metric's data into the metric. */
    void finishData() {
        if (dataFound && dataField != 0 && data.changed()) {
            message.replace(dataEntry, dataField, data);
            dataFound = false;
        }
    }

    /** Of a metric: makes its data, as it is now, that of another type. */
    void changeData(int field) {
        findData();
        message.replace(dataEntry, field, data);
        dataFound = false;
    }

    /**
     * Of a metric: gives it other data, and takes away its metadata, which was of the former.
     *
     * @param field of which type they are
     * @param fields of a Gauge, Sum or the like
     * @param merged how many data points fewer than before they have
     */
    void replaceData(int field, Output fields, int merged) {
        findData();
        message.replaceBytes(dataEntry, field, fields.bytes(), 0, fields.size());
        message.clearAttributes();
        dataFound = false;
        pointsMerged += merged;
    }

    /** How many data points of the request are in others now. */
    int pointsMerged() {
        return pointsMerged;
    }

    private void findData() {
        if (dataFound) {
            return;
        }
        dataFound = true;
        dataField = 0;
        for (int i = message.entries() - 1; i >= 0; i--) {
            int field = message.tag(i) >>> 3;
            if ((message.tag(i) & 7) == Wire.BYTES && isData(field)) {
                dataEntry = i;
                dataField = field;
                data.reset(message.bytes(i), message.from(i), message.end(i), MessageEdit.NO_ATTRIBUTES);
                return;
            }
        }
        data.reset(new byte[0], 0, 0, MessageEdit.NO_ATTRIBUTES);
    }

    private static boolean isData(int field) {
        return switch (field) {
            case Fields.METRIC_GAUGE,
                    Fields.METRIC_SUM,
                    Fields.METRIC_HISTOGRAM,
                    Fields.METRIC_EXPONENTIAL_HISTOGRAM,
                    Fields.METRIC_SUMMARY -> true;
            default -> false;
        };
    }
}
