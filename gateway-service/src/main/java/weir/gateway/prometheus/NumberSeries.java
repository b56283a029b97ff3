package weir.gateway.prometheus;

import org.jspecify.annotations.Nullable;

/** A series of a gauge or a sum. */
non-sealed class NumberSeries extends Series {
    private double value;
    private byte @Nullable [] exemplar;

    NumberSeries(Family family, byte[] labels, int exposedHash, long high, long low, boolean delta) {
        super(family, labels, exposedHash, high, low, delta);
    }

    @Override
    void take(Point point, Take how) {
        value = how == Take.ADD ? value + point.value : point.value;
        exemplar = point.exemplar();
    }

    @Override
    int valueBytes() {
        return 0;
    }

    @Override
    void write(Rows rows) {
        rows.sample(Rows.PLAIN, this);
        rows.number(value);
        rows.end(this, family.type == Family.Type.COUNTER ? exemplar : null);
    }
}
