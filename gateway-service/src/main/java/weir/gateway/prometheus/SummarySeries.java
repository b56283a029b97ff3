package weir.gateway.prometheus;

import java.util.Arrays;

/** A series of a summary. */
final class SummarySeries extends Series {
    private Bounds quantiles = Bounds.NONE;
    private double[] values = {};
    private long count;
    private double sum;

    SummarySeries(Family family, byte[] labels, int exposedHash, long high, long low) {
        super(family, labels, exposedHash, high, low, false);
    }

    @Override
    void take(Point point, Take how) {
        if (!quantiles.equal(point.bounds, point.boundCount)) {
            quantiles = family.bounds("quantile", point.bounds, point.boundCount);
        }
        values = Arrays.copyOf(point.quantiles, point.boundCount);
        count = point.count;
        sum = point.sum;
    }

    @Override
    int valueBytes() {
        return 32 + 8 * values.length;
    }

    @Override
    void write(Rows rows) {
        for (int i = 0; i < values.length; i++) {
            rows.sample(Rows.PLAIN, this, quantiles.text(i, rows.openMetrics()));
            rows.number(values[i]);
            rows.end(this, null);
        }
        rows.sample(Rows.SUM, this);
        rows.number(sum);
        rows.end(this, null);
        rows.sample(Rows.COUNT, this);
        rows.integer(count);
        rows.end(this, null);
    }
}
