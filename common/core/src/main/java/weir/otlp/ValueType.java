package weir.otlp;

/** What an AnyValue holds. */
public enum ValueType {
    EMPTY,
    STRING,
    BOOL,
    INT,
    DOUBLE,
    ARRAY,
    KEY_VALUES,
    BYTES
}
