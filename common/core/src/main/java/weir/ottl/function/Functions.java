package weir.ottl.function;

import java.util.List;
import java.util.Map;

/** The functions that every context has, and the names of those that it does not. */
public final class Functions {
    /**
     * What pkg/ottl of the collector 0.155 has and Weir has not, and why: an error says so. Families of browsers are told by a
     * thousand regular expressions that are tried one after the other on each text, and change from month to month.
     */
    public static final Map<String, String> ONLY_IN_COLLECTOR = Map.of(
            "UserAgent",
            "it needs a list of all browsers; keep the text as user_agent.original and have the backend read it,"
                    + " or take out what you need with ExtractPatterns");

    /** Functions that only some contexts have, and which. */
    public static final Map<String, String> OF_SOME_CONTEXTS = Map.ofEntries(
            Map.entry("IsRootSpan", "the context span"),
            Map.entry("set_semconv_span_name", "the context span"),
            Map.entry("HasAttrKeyOnDatapoint", "the context metric"),
            Map.entry("HasAttrOnDatapoint", "the context metric"),
            Map.entry("convert_sum_to_gauge", "the context metric"),
            Map.entry("convert_gauge_to_sum", "the context metric"),
            Map.entry("extract_count_metric", "the context metric"),
            Map.entry("extract_sum_metric", "the context metric"),
            Map.entry("extract_percentile_metric", "the context metric"),
            Map.entry("copy_metric", "the context metric"),
            Map.entry("scale_metric", "the context metric"),
            Map.entry("aggregate_on_attributes", "the context metric"),
            Map.entry("aggregate_on_attribute_value", "the context metric"),
            Map.entry("convert_exponential_histogram_to_histogram", "the context metric"),
            Map.entry("convert_summary_count_val_to_sum", "the context datapoint"),
            Map.entry("convert_summary_sum_val_to_sum", "the context datapoint"),
            Map.entry("convert_summary_quantile_val_to_gauge", "the context metric"),
            Map.entry("merge_histogram_buckets", "the context datapoint"),
            Map.entry("ParseCLF", "the context log"),
            Map.entry("ParseLEEF", "the context log"));

    private Functions() {}

    /** All editors and converters that need nothing of the context but values and places. */
    public static <T> List<Function<T>> ofAllContexts() {
        Family<T> family = new Family<>();
        SetEditors.addTo(family);
        MapEditors.addTo(family);
        FlattenEditor.addTo(family);
        ReplaceEditors.addTo(family);
        TypeConverters.addTo(family);
        TextConverters.addTo(family);
        CaseConverters.addTo(family);
        FormatConverter.addTo(family);
        PatternConverters.addTo(family);
        GrokConverter.addTo(family);
        CodeConverters.addTo(family);
        HashConverters.addTo(family);
        IdConverters.addTo(family);
        CollectionConverters.addTo(family);
        ParseConverters.addTo(family);
        CsvConverter.addTo(family);
        SeverityConverter.addTo(family);
        XmlConverters.addTo(family);
        XmlEditConverters.addTo(family);
        KeyValueConverters.addTo(family);
        UrlConverter.addTo(family);
        NetConverters.addTo(family);
        CommunityIdConverter.addTo(family);
        TimeConverters.addTo(family);
        DurationConverters.addTo(family);
        return family.all();
    }

    /** Converters of the context log besides. */
    public static <T> List<Function<T>> ofLogs() {
        Family<T> family = new Family<>();
        LogFormatConverters.addTo(family);
        return family.all();
    }
}
