package weir.e2e;

import java.util.List;
import java.util.Set;

/**
 * Whether a program has decided all traces that it was sent, and its backends have what it kept: by its own counts, not by the clock, so
 * that a busy machine makes it late and not wrong.
 */
sealed interface SamplingProgress {
    /**
     * What is still to come, for people; empty if nothing is.
     *
     * @param page its metrics
     * @param traces of how many traces spans were sent so far
     */
    String missing(Scrape page, int traces);

    /** What it gave up or refused, which nothing in the test gives it cause to; 0. */
    double lost(Scrape page);

    /** Spans were sent, and all were answered. */
    default void sent(Scrape page) {}

    /** Of Weir: what is not decided or not delivered is held. */
    final class OfWeir implements SamplingProgress {
        @Override
        public String missing(Scrape page, int traces) {
            double held = page.sum("weir_ledger_held_items");
            return held == 0 ? "" : (long) held + " items held";
        }

        @Override
        public double lost(Scrape page) {
            return page.sum("weir_ledger_dropped_items_total", "kind", "exporter")
                    + page.sum("weir_ledger_refused_items_total");
        }
    }

    /**
     * Of the collector: for each processor it counts how often a policy was asked, which is once for each trace; for all processors
     * together, decisions of any kind, and how often their clocks ticked.
     */
    final class OfCollector implements SamplingProgress {
        /** A trace is decided at the eighth tick; some more for processors whose ticks lag behind those of others. */
        private static final int TICKS = 11;

        private static final String TICKED = "otelcol_processor_tail_sampling_sampling_decision_timer_latency_count";

        private final List<String> shapes;
        private final Set<String> uncertain;
        private final int unknown;
        private double ticksBefore;

        /**
         * @param uncertain shapes that do not decide every trace
         * @param unknown how many traces processors may take for others that are in their caches
         */
        OfCollector(List<String> shapes, Set<String> uncertain, int unknown) {
            this.shapes = shapes;
            this.uncertain = uncertain;
            this.unknown = unknown;
        }

        @Override
        public void sent(Scrape page) {
            ticksBefore = page.sum(TICKED);
        }

        @Override
        public String missing(Scrape page, int traces) {
            double others = page.sum("otelcol_processor_tail_sampling_global_count_traces_sampled");
            int ingest = 0;
            for (String shape : shapes) {
                if (shape.startsWith("ingest")) {
                    ingest++;
                    continue;
                }
                double asked = asked(page, shape);
                others -= asked;
                int least = shape.startsWith("cache") ? traces - unknown : traces;
                if (asked < least && !uncertain.contains(shape)) {
                    return shape + " has decided " + (long) asked + " traces of " + least;
                }
            }
            if (others < (double) ingest * (traces - unknown)) {
                return "those that decide at ingest have decided " + (long) others + " traces";
            }
            double ticks = (page.sum(TICKED) - ticksBefore) / shapes.size();
            if (ticks < TICKS) {
                return "clocks have ticked " + ticks + " times";
            }
            double waiting = page.sum("otelcol_exporter_queue_size") + page.sum("otelcol_exporter_in_flight_requests");
            return waiting == 0 ? "" : (long) waiting + " requests wait";
        }

        private static double asked(Scrape page, String shape) {
            return page.samples().stream()
                    .filter(s -> s.name().equals("otelcol_processor_tail_sampling_sampling_policy_execution_count"))
                    .filter(s -> s.labels().getOrDefault("policy", "").startsWith(shape + "."))
                    .mapToDouble(Scrape.Sample::value)
                    .max()
                    .orElse(0);
        }

        @Override
        public double lost(Scrape page) {
            return page.sum("otelcol_exporter_enqueue_failed_spans")
                    + page.sum("otelcol_exporter_send_failed_spans")
                    + page.sum("otelcol_receiver_refused_spans")
                    + page.sum("otelcol_receiver_failed_spans");
        }
    }
}
