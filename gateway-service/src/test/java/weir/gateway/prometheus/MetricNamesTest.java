package weir.gateway.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.gateway.prometheus.MetricNames.Kind.GAUGE;
import static weir.gateway.prometheus.MetricNames.Kind.MONOTONIC_SUM;
import static weir.gateway.prometheus.MetricNames.Kind.OTHER;
import static weir.gateway.prometheus.TranslationStrategy.NO_TRANSLATION;
import static weir.gateway.prometheus.TranslationStrategy.NO_UTF8_ESCAPING_WITH_SUFFIXES;
import static weir.gateway.prometheus.TranslationStrategy.UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES;
import static weir.gateway.prometheus.TranslationStrategy.UNDERSCORE_ESCAPING_WITH_SUFFIXES;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class MetricNamesTest {
    static Stream<Arguments> defaults() {
        return Stream.of(
                Arguments.of("container.cpu.utilization", "1", GAUGE, "container_cpu_utilization_ratio"),
                Arguments.of("container.memory.rss", "By", GAUGE, "container_memory_rss_bytes"),
                Arguments.of("container.cpu.time", "s", MONOTONIC_SUM, "container_cpu_time_seconds_total"),
                Arguments.of("container.cpu.usage", "{cpu}", GAUGE, "container_cpu_usage"),
                Arguments.of("container.memory.page_faults", "1", GAUGE, "container_memory_page_faults_ratio"),
                Arguments.of("k8s.volume.inodes", "1", GAUGE, "k8s_volume_inodes_ratio"),
                Arguments.of("k8s.node.network.errors", "1", MONOTONIC_SUM, "k8s_node_network_errors_total"),
                Arguments.of("k8s.node.filesystem.inode.count", "{inode}", OTHER, "k8s_node_filesystem_inode_count"),
                Arguments.of("3.14 digits", "", GAUGE, "_3_14_digits"),
                Arguments.of("system.cpu.load_average.1m", "{thread}", GAUGE, "system_cpu_load_average_1m"),
                Arguments.of("hw.fan.speed_ratio", "1", GAUGE, "hw_fan_speed_ratio"),
                Arguments.of("a__b..c", "m/s", GAUGE, "a_b_c_meters_per_second"),
                Arguments.of("reqs", "{request}/s", GAUGE, "reqs_per_second"),
                Arguments.of("net.speed", "By/s", GAUGE, "net_speed_bytes_per_second"),
                Arguments.of("disk.bytes.used", "By", GAUGE, "disk_bytes_used"),
                Arguments.of("request.total.count", "", MONOTONIC_SUM, "request_count_total"),
                Arguments.of("traces.span.metrics.calls", "", MONOTONIC_SUM, "traces_span_metrics_calls_total"),
                Arguments.of("traces.span.metrics.duration", "ms", OTHER, "traces_span_metrics_duration_milliseconds"),
                Arguments.of("temp", "Cel", GAUGE, "temp_celsius"),
                Arguments.of("k8s.pod.uptime", "s", MONOTONIC_SUM, "k8s_pod_uptime_seconds_total"),
                Arguments.of("bytes.per.second", "By/s", GAUGE, "bytes_per_second_per_second"),
                Arguments.of(":foo::bar", "", GAUGE, ":foo::bar"),
                Arguments.of("disk.size", "TiBy", GAUGE, "disk_size_tibibytes"),
                Arguments.of("disk.size", "kBy", GAUGE, "disk_size_kBy"),
                Arguments.of("x", "weird unit-1", GAUGE, "x_weird_unit_1"),
                Arguments.of("x", " s / m ", GAUGE, "x_seconds_per_minute"),
                Arguments.of("x", "/s", GAUGE, "x_per_second"),
                Arguments.of("x", "By/", GAUGE, "x_bytes"),
                Arguments.of("x", "s/{x}", GAUGE, "x_seconds"),
                Arguments.of("...", "", GAUGE, ""),
                Arguments.of("", "s", GAUGE, ""),
                Arguments.of("字符", "", GAUGE, ""));
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void of_escapingWithSuffixes(String name, String unit, MetricNames.Kind kind, String expected) {
        assertThat(new MetricNames(UNDERSCORE_ESCAPING_WITH_SUFFIXES, "").of(name, unit, kind))
                .isEqualTo(expected);
    }

    static Stream<Arguments> others() {
        return Stream.of(
                Arguments.of(UNDERSCORE_ESCAPING_WITH_SUFFIXES, "ns", "a.b", "s", GAUGE, "ns_a_b_seconds"),
                Arguments.of(UNDERSCORE_ESCAPING_WITH_SUFFIXES, "1n", "a", "", GAUGE, "_1n_a"),
                Arguments.of(UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES, "", "a.b__c.", "s", MONOTONIC_SUM, "a_b__c"),
                Arguments.of(UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES, "", "1.a", "", GAUGE, "_1_a"),
                Arguments.of(UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES, "n.s", "1.a", "", GAUGE, "n_s_1_a"),
                Arguments.of(UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES, "", "..", "", GAUGE, ""),
                Arguments.of(
                        NO_UTF8_ESCAPING_WITH_SUFFIXES,
                        "",
                        "container.cpu.utilization",
                        "1",
                        GAUGE,
                        "container.cpu.utilization_ratio"),
                Arguments.of(NO_UTF8_ESCAPING_WITH_SUFFIXES, "", "a.total", "s", MONOTONIC_SUM, "a_seconds_total"),
                Arguments.of(NO_UTF8_ESCAPING_WITH_SUFFIXES, "", "a.seconds", "s", GAUGE, "a.seconds"),
                Arguments.of(NO_UTF8_ESCAPING_WITH_SUFFIXES, "n", "a", "By/s", GAUGE, "n_a_bytes_per_second"),
                Arguments.of(NO_UTF8_ESCAPING_WITH_SUFFIXES, "", "a.per_second", "By/s", GAUGE, "a_bytes_per_second"),
                Arguments.of(NO_TRANSLATION, "n", "a.b", "s", MONOTONIC_SUM, "n_a.b"),
                Arguments.of(NO_TRANSLATION, "", "字符", "s", GAUGE, "字符"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void of_otherStrategies(
            TranslationStrategy strategy,
            String namespace,
            String name,
            String unit,
            MetricNames.Kind kind,
            String expected) {
        assertThat(new MetricNames(strategy, namespace).of(name, unit, kind)).isEqualTo(expected);
    }

    static Stream<Arguments> labels() {
        return Stream.of(
                Arguments.of("http.method", "http_method"),
                Arguments.of("123x", "key_123x"),
                Arguments.of("_foo", "key_foo"),
                Arguments.of(".foo", "key_foo"),
                Arguments.of("a__b", "a_b"),
                Arguments.of("a:b", "a_b"),
                Arguments.of("__reserved__label__name__", "__reserved_label_name__"),
                Arguments.of("label!with&special$chars)", "label_with_special_chars_"),
                Arguments.of("字符", ""),
                Arguments.of("", ""),
                Arguments.of("___", ""));
    }

    @ParameterizedTest
    @MethodSource("labels")
    void labelNames(String key, String expected) {
        assertThat(LabelNames.of(key, true)).isEqualTo(expected);
    }

    @Test
    void labelNames_withoutEscaping_areTheKeys() {
        assertThat(LabelNames.of("a.b 字", false)).isEqualTo("a.b 字");
        assertThat(LabelNames.of("__", false)).isEmpty();
    }
}
