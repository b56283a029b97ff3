package weir.ottl;

/** What statements may need at most; refused at load, or an error of the statement at run time. */
public final class Limits {
    /** Characters of one statement or condition. */
    public static final int MAX_STATEMENT_CHARACTERS = 16_384;

    /** How deep parentheses, calls, lists, maps and indexes may nest in a statement, and values in parsed JSON. */
    public static final int MAX_DEPTH_LEVELS = 48;

    /** Characters of a regular expression or glob. */
    public static final int MAX_PATTERN_CHARACTERS = 4_096;

    /** Characters of the regular expression that a grok pattern becomes. */
    public static final int MAX_EXPANDED_CHARACTERS = 1 << 16;

    /** How deep elements of an XML document may nest, and how many nodes it may have: elements, attributes, texts, comments. */
    public static final int MAX_XML_LEVELS = 200;

    public static final int MAX_XML_NODES = 1 << 16;

    /** Nodes that an XPath expression may look at in one document: about a second. */
    public static final long MAX_XPATH_STEPS = 1L << 24;

    /** About how many instructions a regular expression may become: 1,000 repetitions of some ten characters. */
    public static final int MAX_PATTERN_INSTRUCTIONS = 20_000;

    /** How deep groups of a regular expression may nest. */
    public static final int MAX_PATTERN_LEVELS = 100;

    /** Instructions of a regular expression times bytes of a text that it is asked of: about a second. */
    public static final long MAX_MATCH_STEPS = 1L << 27;

    /**
     * How deep messages may nest in a value that is written. Receivers take 100, Weir's own and all that use protobuf's classes for
     * Java and C++, of which up to nine are what the value lies in; one more, and they refuse the whole request.
     */
    public static final int MAX_MESSAGE_LEVELS = 90;

    /** MiB that the statements of a processor may write to one request, besides four times what the request has. */
    public static final int MAX_WRITTEN_MIB = 16;

    /** Elements of a list that a function makes objects of. */
    public static final int MAX_ELEMENTS = 65_536;

    /** Above so many bytes, what a value was written to is not kept for the next. */
    public static final int MAX_KEPT_BYTES = 1 << 16;

    /** Bytes of a text, list or map that a function makes. */
    public static final int MAX_PRODUCED_BYTES = 4 << 20;

    /** Elements that setting an element of a missing list may make before it. */
    public static final int MAX_NEW_ELEMENTS = 1_024;

    /** Metrics that statements may make besides those of one request, and how many bytes these may have. */
    public static final int MAX_MADE_METRICS = 1 << 15;

    public static final int MAX_MADE_METRICS_BYTES = 64 << 20;

    /** How often a metric may be made of one that was made: without a condition, statements would do so for ever. */
    public static final int MAX_GENERATIONS_OF_METRICS = 8;

    /** Buckets of a histogram that is made of several. */
    public static final int MAX_BUCKETS = 1 << 14;

    private Limits() {}

    /** @throws OttlException if that is more than a function may make */
    public static void checkProduced(long bytes) {
        if (bytes > MAX_PRODUCED_BYTES) {
            throw new OttlException("would make a value of more than " + MAX_PRODUCED_BYTES + " bytes");
        }
    }
}
