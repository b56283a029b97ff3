package weir.connector.spanmetrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weir.config.ByteSize;
import weir.connector.spanmetrics.SpanMetricsConfig.Dimension;
import weir.connector.spanmetrics.SpanMetricsConfig.EventsConfig;
import weir.connector.spanmetrics.SpanMetricsConfig.ExemplarsConfig;
import weir.connector.spanmetrics.SpanMetricsConfig.Explicit;
import weir.connector.spanmetrics.SpanMetricsConfig.Exponential;
import weir.connector.spanmetrics.SpanMetricsConfig.HistogramConfig;
import weir.connector.spanmetrics.SpanMetricsConfig.KeptBy;
import weir.connector.spanmetrics.SpanMetricsConfig.Limits;
import weir.connector.spanmetrics.SpanMetricsConfig.Temporality;
import weir.connector.spanmetrics.SpanMetricsConfig.Unit;

class SpanMetricsConfigTest {
    @Test
    void bind_nothing_hasTheCollectorsDefaults() {
        assertThat(Configs.of("{}"))
                .isEqualTo(new SpanMetricsConfig(
                        "traces.span.metrics",
                        List.of(),
                        List.of(),
                        List.of(),
                        new HistogramConfig(false, Unit.MS, null, null, List.of()),
                        Temporality.CUMULATIVE,
                        Duration.ofMinutes(1),
                        Duration.ZERO,
                        Duration.ZERO,
                        1000,
                        List.of(),
                        0,
                        1000,
                        new ExemplarsConfig(false, 5, new KeptBy("", Duration.ofMinutes(2), 100_000)),
                        new EventsConfig(false, List.of()),
                        List.of(),
                        false,
                        null,
                        null,
                        new Limits(100_000, new ByteSize(64 << 20), false)));
    }

    @Test
    void bind_allOptions_areTaken() {
        assertThat(Configs.of("""
                        namespace: shop
                        dimensions: [{name: a, default: b}, {glob: 'http.*'}]
                        calls_dimensions: [{name: c}]
                        exclude_dimensions: [span.kind]
                        histogram:
                          disable: true
                          unit: s
                          exponential: {max_size: 7}
                          dimensions: [{name: d}]
                        aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA
                        metrics_flush_interval: 15s
                        metrics_expiration: 5m
                        series_expiration: 6m
                        resource_metrics_cache_size: 2
                        resource_metrics_key_attributes: [service.name]
                        aggregation_cardinality_limit: 3
                        metric_timestamp_cache_size: 4
                        exemplars:
                          enabled: true
                          max_per_data_point: 6
                          weir: {kept_by: tail_sampling, max_wait: 1m, max_waiting_exemplars: 7}
                        events: {enabled: true, dimensions: [{name: exception.type}]}
                        include_instrumentation_scope: [lib]
                        enable_metrics_sampling_method: true
                        add_resource_attributes: true
                        dimensions_cache_size: 8
                        weir: {max_series: 9, max_series_bytes: 2MiB, count_forwarded: true}
                        """))
                .isEqualTo(new SpanMetricsConfig(
                        "shop",
                        List.of(new Dimension("a", "", "b"), new Dimension("", "http.*", null)),
                        List.of(new Dimension("c", "", null)),
                        List.of("span.kind"),
                        new HistogramConfig(
                                true, Unit.S, null, new Exponential(7), List.of(new Dimension("d", "", null))),
                        Temporality.DELTA,
                        Duration.ofSeconds(15),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(6),
                        2,
                        List.of("service.name"),
                        3,
                        4,
                        new ExemplarsConfig(true, 6, new KeptBy("tail_sampling", Duration.ofMinutes(1), 7)),
                        new EventsConfig(true, List.of(new Dimension("exception.type", "", null))),
                        List.of("lib"),
                        true,
                        true,
                        8,
                        new Limits(9, new ByteSize(2 << 20), true)));
    }

    @Test
    void bounds_explicitWithoutBuckets_areTheUsualOnes() {
        double[] usual = LongStream.of(2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10_000, 15_000)
                .mapToDouble(b -> b)
                .toArray();

        assertThat(Configs.of("{}").histogram().bounds()).containsExactly(usual);
        assertThat(Configs.of("{histogram: {explicit: {}}}").histogram().explicit())
                .extracting(Explicit::buckets)
                .isEqualTo(LongStream.of(2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10_000, 15_000)
                        .mapToObj(Duration::ofMillis)
                        .toList());
        assertThat(Configs.of("{histogram: {unit: s, explicit: {buckets: [100us, 1h]}}}")
                        .histogram()
                        .bounds())
                .containsExactly(0.0001, 3600);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{dimensions: [{name: a}, {name: a}]} | 'a' is a dimension already",
                "{calls_dimensions: [{name: span.kind}]} | 'span.kind' is a dimension already",
                "{dimensions: [{name: a, glob: b}]} | needs either name or glob",
                "{histogram: {dimensions: [{}]}} | needs either name or glob",
                "{dimensions: [{glob: a, default: b}]} | only a name can have a default",
                "{dimensions: [{glob: 'span.*'}]} | the glob 'span.*' matches 'span.kind', which is a dimension already",
                "{dimensions: [{glob: '{a'}]} | '{a' is no pattern: a { without a }",
                "{events: {enabled: true}} | events need dimensions, such as exception.type",
                "{histogram: {explicit: {}, exponential: {}}} | give either explicit or exponential buckets",
                "{histogram: {explicit: {buckets: [2s, 1s]}}} | must be above the bound before it",
                "{histogram: {exponential: {max_size: 1}}} | must be from 2 to 16384",
                "{metrics_flush_interval: 0s} | must be at least 10ms",
                "{series_expiration: -1s} | must not be negative",
                "{resource_metrics_cache_size: 0} | must be at least 1",
                "{exemplars: {enabled: true, max_per_data_point: 101}} | must be from 0 to 100",
                "{exemplars: {weir: {kept_by: tail_sampling}}} | has no effect unless exemplars are enabled",
                "{exemplars: {weir: {max_wait: 0s}}} | must be at least 10ms",
                "{exemplars: {weir: {max_waiting_exemplars: 0}}} | must be from 1 to 10000000",
                "{weir: {max_series: 0}} | must be at least 1",
                "{weir: {max_series_bytes: 3}} | must be from 1MiB to 1GiB",
                "{add_resource_attributes: false} | has no effect: they are added, as in the collector",
            })
    void bind_mistake_isExplained(String yaml, String complaint) {
        assertThat(Configs.complaints(yaml)).containsExactly(complaint);
    }
}
