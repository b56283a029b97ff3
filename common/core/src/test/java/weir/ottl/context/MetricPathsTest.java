package weir.ottl.context;

import static weir.ottl.context.OneItem.EXPONENTIAL;
import static weir.ottl.context.OneItem.HISTOGRAM;
import static weir.ottl.context.OneItem.SUM;
import static weir.ottl.context.OneItem.SUMMARY;
import static weir.ottl.context.OneItem.T;
import static weir.ottl.context.OneItem.attribute;
import static weir.ottl.context.OneItem.text;
import static weir.ottl.context.PathRow.integer;
import static weir.ottl.context.PathRow.list;
import static weir.ottl.context.PathRow.number;
import static weir.ottl.context.PathRow.row;
import static weir.ottl.context.PathRow.string;
import static weir.ottl.context.PathRow.time;

import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weir.ottl.Value;

class MetricPathsTest {
    static List<Arguments> rows() {
        List<Arguments> rows = new ArrayList<>();
        ItemContext metric = Contexts.METRIC;
        ItemContext point = Contexts.DATA_POINT;
        rows.add(row(
                metric,
                "name",
                SUM,
                text("requests"),
                string("x"),
                m -> m.toBuilder().setName("x").build()));
        rows.add(row(
                metric,
                "description",
                SUM,
                text("how many"),
                string("x"),
                m -> m.toBuilder().setDescription("x").build()));
        rows.add(row(
                metric,
                "unit",
                SUM,
                text("1"),
                string("x"),
                m -> m.toBuilder().setUnit("x").build()));
        rows.add(row(
                metric,
                "metadata[k]",
                SUM,
                text("v"),
                integer(1),
                m -> m.toBuilder().setMetadata(0, attribute("k", 1)).build()));
        rows.add(row(
                metric,
                "aggregation_temporality",
                SUM,
                "int 1",
                integer(2),
                m -> m.toBuilder()
                        .setSum(m.getSum().toBuilder()
                                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE))
                        .build()));
        rows.add(row(
                metric,
                "is_monotonic",
                SUM,
                "true",
                new Value().set(false),
                m -> m.toBuilder()
                        .setSum(m.getSum().toBuilder().setIsMonotonic(false))
                        .build()));
        rows.add(row(metric, "is_monotonic", HISTOGRAM, "nil", new Value().set(false), m -> m));
        rows.add(row(metric, "aggregation_temporality", SUMMARY, "nil", integer(2), m -> m));
        rows.add(row(
                point,
                "value_int",
                SUM,
                "int -7",
                integer(8),
                m -> sum(m, p -> p.toBuilder().setAsInt(8).build())));
        rows.add(row(
                point,
                "value_double",
                SUM,
                "0.0",
                number(2.5),
                m -> sum(m, p -> p.toBuilder().setAsDouble(2.5).build())));
        rows.add(row(
                point,
                "start_time_unix_nano",
                SUM,
                "int " + T,
                integer(8),
                m -> sum(m, p -> p.toBuilder().setStartTimeUnixNano(8).build())));
        rows.add(row(
                point,
                "time",
                SUM,
                "time " + (T + 1),
                time(8),
                m -> sum(m, p -> p.toBuilder().setTimeUnixNano(8).build())));
        rows.add(row(
                point,
                "attributes[k]",
                SUM,
                text("v"),
                integer(8),
                m -> sum(
                        m,
                        p -> p.toBuilder().setAttributes(0, attribute("k", 8)).build())));
        rows.add(row(
                point,
                "flags",
                SUM,
                "int 1",
                integer(0),
                m -> sum(m, p -> p.toBuilder().setFlags(0).build())));
        rows.add(row(
                point,
                "metric/name",
                SUM,
                text("requests"),
                string("x"),
                m -> m.toBuilder().setName("x").build()));
        rows.add(row(
                point,
                "metric/is_monotonic",
                SUM,
                "true",
                new Value().set(false),
                m -> m.toBuilder()
                        .setSum(m.getSum().toBuilder().setIsMonotonic(false))
                        .build()));
        rows.add(row(
                point,
                "count",
                HISTOGRAM,
                "int 6",
                integer(8),
                m -> histogram(m, p -> p.toBuilder().setCount(8).build())));
        rows.add(row(
                point,
                "sum",
                HISTOGRAM,
                "1.5",
                number(8),
                m -> histogram(m, p -> p.toBuilder().setSum(8).build())));
        rows.add(row(
                point,
                "bucket_counts",
                HISTOGRAM,
                "[int 1, int 2, int 3]",
                list(3L, 4L),
                m -> histogram(
                        m,
                        p -> p.toBuilder()
                                .clearBucketCounts()
                                .addAllBucketCounts(List.of(3L, 4L))
                                .build())));
        rows.add(row(
                point,
                "explicit_bounds",
                HISTOGRAM,
                "[0.5, 2.0]",
                list(0.25),
                m -> histogram(
                        m,
                        p -> p.toBuilder()
                                .clearExplicitBounds()
                                .addExplicitBounds(0.25)
                                .build())));
        rows.add(row(
                point,
                "attributes[k]",
                HISTOGRAM,
                text("v"),
                integer(8),
                m -> histogram(
                        m,
                        p -> p.toBuilder().setAttributes(0, attribute("k", 8)).build())));
        rows.add(row(
                point,
                "flags",
                HISTOGRAM,
                "int 1",
                integer(0),
                m -> histogram(m, p -> p.toBuilder().setFlags(0).build())));
        rows.add(row(
                point,
                "scale",
                EXPONENTIAL,
                "int -3",
                integer(-20),
                m -> exponential(m, p -> p.toBuilder().setScale(-20).build())));
        rows.add(row(
                point,
                "zero_count",
                EXPONENTIAL,
                "int 9",
                integer(8),
                m -> exponential(m, p -> p.toBuilder().setZeroCount(8).build())));
        rows.add(row(
                point,
                "positive.offset",
                EXPONENTIAL,
                "int -2",
                integer(5),
                m -> exponential(
                        m,
                        p -> p.toBuilder()
                                .setPositive(p.getPositive().toBuilder().setOffset(5))
                                .build())));
        rows.add(row(
                point,
                "positive.bucket_counts",
                EXPONENTIAL,
                "[int 1, int 300]",
                list(7L),
                m -> exponential(
                        m,
                        p -> p.toBuilder()
                                .setPositive(p.getPositive().toBuilder()
                                        .clearBucketCounts()
                                        .addBucketCounts(7))
                                .build())));
        rows.add(row(
                point,
                "negative.offset",
                EXPONENTIAL,
                "int 0",
                integer(5),
                m -> exponential(
                        m,
                        p -> p.toBuilder()
                                .setNegative(p.getNegative().toBuilder().setOffset(5))
                                .build())));
        rows.add(row(
                point,
                "count",
                SUMMARY,
                "int 2",
                integer(8),
                m -> m.toBuilder()
                        .setSummary(m.getSummary().toBuilder()
                                .setDataPoints(
                                        0,
                                        m.getSummary().getDataPoints(0).toBuilder()
                                                .setCount(8)))
                        .build()));
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void path_readAndWritten_isThatOfTheSchema(PathRow row) throws Exception {
        row.check();
    }

    private static Metric sum(Metric metric, UnaryOperator<NumberDataPoint> change) {
        Sum sum = metric.getSum();
        return metric.toBuilder()
                .setSum(sum.toBuilder().setDataPoints(0, change.apply(sum.getDataPoints(0))))
                .build();
    }

    private static Metric histogram(Metric metric, UnaryOperator<HistogramDataPoint> change) {
        Histogram data = metric.getHistogram();
        return metric.toBuilder()
                .setHistogram(data.toBuilder().setDataPoints(0, change.apply(data.getDataPoints(0))))
                .build();
    }

    private static Metric exponential(Metric metric, UnaryOperator<ExponentialHistogramDataPoint> change) {
        ExponentialHistogram data = metric.getExponentialHistogram();
        return metric.toBuilder()
                .setExponentialHistogram(data.toBuilder().setDataPoints(0, change.apply(data.getDataPoints(0))))
                .build();
    }
}
