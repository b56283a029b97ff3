/**
 * The {@code prometheus} exporter: keeps the newest value of every metric series and shows them to whoever scrapes it.
 *
 * <p>{@link weir.gateway.prometheus.PrometheusExporter} takes batches and hands them to one thread of its own, the only
 * writer of the {@link weir.gateway.prometheus.SeriesStore}. {@link weir.gateway.prometheus.BatchReader} walks a batch's bytes;
 * a point's series is found by a hash of those bytes, and only for one that was never seen are names and labels
 * made ({@link weir.gateway.prometheus.SeriesMaker}, {@link weir.gateway.prometheus.MetricNames},
 * {@link weir.gateway.prometheus.LabelNames}) and rendered to bytes. A scrape
 * ({@link weir.gateway.prometheus.Exposition}) copies those bytes and formats numbers.
 */
@NullMarked
package weir.gateway.prometheus;

import org.jspecify.annotations.NullMarked;
