package weir.connector.spanmetrics;

/**
 * Series with the same dimensions, and the metrics that are made of each. Calls and durations are one family where nothing
 * tells their series apart: then a span is looked up once for both.
 *
 * @param number its place among the families
 * @param calls whether it gives the number of calls
 * @param durations whether it gives the histogram of durations
 * @param events whether it counts events in place of spans
 * @param dimensions those that it has besides the common ones
 */
record Family(
        int number, boolean calls, boolean durations, boolean events, DimensionSet dimensions, SeriesTable series) {}
