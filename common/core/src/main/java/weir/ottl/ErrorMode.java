package weir.ottl;

/** What becomes of a statement or condition that cannot be done with an item. Names are the file's, in lower case. */
public enum ErrorMode {
    /** It is logged, within bounds; the next one follows. */
    IGNORE,
    /** The next one follows. */
    SILENT,
    /** The error goes to who executes: the request is refused. */
    PROPAGATE
}
