package weir.ottl.context;

import weir.otlp.Fields;

/**
 * The number of a field in each of the four kinds of data point; 0 where it is not there.
 *
 * @param number of a NumberDataPoint, of gauges and sums
 */
record PointField(int number, int histogram, int exponential, int summary) implements FieldNumber {
    static final PointField ATTRIBUTES = new PointField(
            Fields.NUMBER_POINT_ATTRIBUTES,
            Fields.HISTOGRAM_POINT_ATTRIBUTES,
            Fields.EXPONENTIAL_POINT_ATTRIBUTES,
            Fields.SUMMARY_POINT_ATTRIBUTES);
    static final PointField START_TIME = new PointField(2, 2, 2, 2);
    static final PointField TIME = new PointField(3, 3, 3, 3);
    static final PointField FLAGS = new PointField(8, 10, 10, 8);
    static final PointField AS_DOUBLE = new PointField(4, 0, 0, 0);
    static final PointField AS_INT = new PointField(6, 0, 0, 0);
    static final PointField COUNT = new PointField(0, 4, 4, 4);
    static final PointField SUM = new PointField(0, 5, 5, 5);
    static final PointField EXEMPLARS = new PointField(5, 8, 11, 0);
    static final PointField BUCKET_COUNTS = new PointField(0, 6, 0, 0);
    static final PointField EXPLICIT_BOUNDS = new PointField(0, 7, 0, 0);
    static final PointField SCALE = new PointField(0, 0, 6, 0);
    static final PointField ZERO_COUNT = new PointField(0, 0, 7, 0);
    static final PointField POSITIVE = new PointField(0, 0, 8, 0);
    static final PointField NEGATIVE = new PointField(0, 0, 9, 0);
    static final PointField QUANTILE_VALUES = new PointField(0, 0, 0, 6);

    @Override
    public int of(Item item) {
        return of(item.dataField());
    }

    /** @param data which field of the metric its data is */
    int of(int data) {
        return switch (data) {
            case Fields.METRIC_GAUGE, Fields.METRIC_SUM -> number;
            case Fields.METRIC_HISTOGRAM -> histogram;
            case Fields.METRIC_EXPONENTIAL_HISTOGRAM -> exponential;
            case Fields.METRIC_SUMMARY -> summary;
            default -> 0;
        };
    }
}
