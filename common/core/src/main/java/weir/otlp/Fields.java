package weir.otlp;

/** Field numbers of opentelemetry-proto that {@link FieldCursor} and {@link AttributeCursor} are told, named after message and field. */
public final class Fields {
    public static final int RESOURCE_ATTRIBUTES = 1;
    public static final int SCOPE_ATTRIBUTES = 3;
    public static final int SPAN_TRACE_STATE = 3;
    public static final int SPAN_NAME = 5;
    public static final int SPAN_ATTRIBUTES = 9;
    public static final int SPAN_EVENTS = 11;
    public static final int SPAN_LINKS = 13;
    public static final int EVENT_NAME = 2;
    public static final int EVENT_ATTRIBUTES = 3;
    public static final int LINK_ATTRIBUTES = 4;
    public static final int LOG_BODY = 5;
    public static final int LOG_ATTRIBUTES = 6;
    public static final int METRIC_NAME = 1;
    public static final int METRIC_DESCRIPTION = 2;
    public static final int METRIC_UNIT = 3;
    public static final int METRIC_GAUGE = 5;
    public static final int METRIC_SUM = 7;
    public static final int METRIC_HISTOGRAM = 9;
    public static final int METRIC_EXPONENTIAL_HISTOGRAM = 10;
    public static final int METRIC_SUMMARY = 11;
    public static final int METRIC_METADATA = 12;
    public static final int NUMBER_POINT_ATTRIBUTES = 7;
    public static final int HISTOGRAM_POINT_ATTRIBUTES = 9;
    public static final int EXPONENTIAL_POINT_ATTRIBUTES = 1;
    public static final int SUMMARY_POINT_ATTRIBUTES = 7;
    public static final int EXEMPLAR_ATTRIBUTES = 7;

    /** The elements of an ArrayValue, and the key-values of a KeyValueList. */
    public static final int VALUES = 1;

    private Fields() {}
}
