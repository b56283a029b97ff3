package weir.ottl.context;

import weir.otlp.Fields;
import weir.otlp.Wire;
import weir.otlp.edit.HeadEdit;
import weir.otlp.edit.MessageEdit;
import weir.ottl.EncodedMap;

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
    private final EncodedMap cache = new EncodedMap();
    private boolean dataFound;
    private int dataEntry;
    private int dataField;
    private int partIndex;

    /** The resource and its schema's URL. */
    HeadEdit resource() {
        return resource;
    }

    /** The scope and its schema's URL. */
    HeadEdit scope() {
        return scope;
    }

    /** The span, metric or log record. */
    MessageEdit message() {
        return message;
    }

    /** The event or data point. */
    MessageEdit part() {
        return part;
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

    /** A number that is another after each change of what lies above a level. */
    public int revisionAbove(Level level) {
        return switch (level) {
            case RESOURCE -> 0;
            case SCOPE -> resource.revision();
            case ITEM -> resource.revision() + scope.revision();
            case PART -> resource.revision() + scope.revision() + message.revision() + data.revision();
        };
    }

    void moveTo(byte[] b, int from, int end, int attributesField) {
        message.reset(b, from, end, attributesField);
        dataFound = false;
    }

    void moveToPart(int index, byte[] b, int from, int end, int attributesField) {
        partIndex = index;
        part.reset(b, from, end, attributesField);
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

    /** Of a metric: how many entries its data has, data points and others. */
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
