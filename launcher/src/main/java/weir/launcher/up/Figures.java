package weir.launcher.up;

/**
 * Sums over the services' own metrics at one moment.
 *
 * @param traces trace ids that gateways saw for the first time
 * @param kept traces
 * @param dropped traces
 * @param late spans that came after their trace was decided
 * @param held traces that are not decided yet
 */
record Figures(double traces, double kept, double dropped, double late, double held) {
    static final Figures NONE = new Figures(0, 0, 0, 0, 0);

    private static final String PREFIX = "otelcol_processor_tail_sampling_";

    Figures plus(String metricsPage) {
        double newTraces = traces;
        double newKept = kept;
        double newDropped = dropped;
        double newLate = late;
        double newHeld = held;
        for (String line : metricsPage.split("\n")) {
            if (!line.startsWith(PREFIX)) {
                continue;
            }
            String series = line.substring(PREFIX.length());
            double value = valueOf(line);
            if (series.startsWith("new_trace_id_received")) {
                newTraces += value;
            } else if (series.startsWith("global_count_traces_sampled")) {
                if (series.contains("sampled=\"true\"")) {
                    newKept += value;
                } else {
                    newDropped += value;
                }
            } else if (series.startsWith("early_releases_from_cache_decision")) {
                newLate += value;
            } else if (series.startsWith("sampling_traces_on_memory")) {
                newHeld += value;
            }
        }
        return new Figures(newTraces, newKept, newDropped, newLate, newHeld);
    }

    private static double valueOf(String line) {
        try {
            return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
