package weir.ottl.context;

/** How deep something lies in a request. */
public enum Level {
    RESOURCE,
    SCOPE,
    /** A span, metric or log record. */
    ITEM,
    /** A span's event, or a metric's data point. */
    PART
}
