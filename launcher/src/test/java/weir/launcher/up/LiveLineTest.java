package weir.launcher.up;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiveLineTest {
    private static final String PAGE = """
            # TYPE otelcol_processor_tail_sampling_new_trace_id_received_total counter
            otelcol_processor_tail_sampling_new_trace_id_received_total{processor="tail_sampling",} 500.0
            otelcol_processor_tail_sampling_global_count_traces_sampled_total{sampled="true",decision="sampled",} 60.0
            otelcol_processor_tail_sampling_global_count_traces_sampled_total{sampled="false",decision="not_sampled",} 240.0
            otelcol_processor_tail_sampling_global_count_traces_sampled_total{sampled="false",decision="dropped",} 100.0
            otelcol_processor_tail_sampling_early_releases_from_cache_decision_total{sampled="true",} 1.0
            otelcol_processor_tail_sampling_early_releases_from_cache_decision_total{sampled="false",} 4.0
            otelcol_processor_tail_sampling_sampling_traces_on_memory 100.0
            """;

    @Test
    void plus_twoPages_addsThemUp() {
        assertThat(Figures.NONE.plus(PAGE).plus(PAGE)).isEqualTo(new Figures(1000, 120, 680, 10, 200));
    }

    @Test
    void say_afterTenSeconds_givesRates() {
        LiveLine line = new LiveLine();
        line.say(0, Figures.NONE);

        assertThat(line.say(10_000_000_000L, Figures.NONE.plus(PAGE)))
                .isEqualTo("in 50.0/s · kept 6.0/s (15 %) · dropped 34.0/s · late 0.5/s · held 100 traces");
    }

    @Test
    void say_sumsFell_startsAnew() {
        LiveLine line = new LiveLine();
        line.say(0, new Figures(1000, 0, 0, 0, 0));

        assertThat(line.say(1_000_000_000L, new Figures(10, 0, 0, 0, 0))).startsWith("in 0.0/s");
    }
}
