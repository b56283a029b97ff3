package weir.gateway.prometheus;

/**
 * What a client is answered in.
 *
 * @param openMetrics OpenMetrics in place of Prometheus's own text
 * @param version as the content type names it
 */
record Format(boolean openMetrics, String version, Escaping escaping) {
    static final Format TEXT = new Format(false, "0.0.4", Escaping.UNDERSCORES);

    String contentType() {
        String type = openMetrics ? "application/openmetrics-text" : "text/plain";
        return type + "; version=" + version + "; charset=utf-8; escaping=" + escaping.text;
    }
}
