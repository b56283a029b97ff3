/**
 * {@code span_metrics}: calls, durations and events of spans as metrics, from traces to metrics.
 *
 * <p>A batch is counted by {@link weir.connector.spanmetrics.SpanCounter}, which finds for each span its series in the {@link
 * weir.connector.spanmetrics.SeriesTable} of each {@link weir.connector.spanmetrics.Family}: the resource's number and the
 * values of the span's dimensions are written as bytes and looked up, so that nothing is allocated for a span whose series
 * is there. {@link weir.connector.spanmetrics.SpanMetricsConnector} sees to it that one thread at a time counts and that no
 * other waits for it, and makes requests of the series at intervals.
 */
@NullMarked
package weir.connector.spanmetrics;

import org.jspecify.annotations.NullMarked;
