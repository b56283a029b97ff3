package weir.gateway.prometheus;

/** The {@code target_info} of one resource; of several that are the same job and instance, the last to come is shown. */
final class TargetSeries extends NumberSeries {
    private final byte[] target;

    /** @param target what it is about: job and instance */
    TargetSeries(Family family, byte[] labels, byte[] target, int exposedHash, long high, long low) {
        super(family, labels, exposedHash, high, low, false);
        this.target = target;
    }

    @Override
    byte[] exposed() {
        return target;
    }

    @Override
    boolean timed() {
        return false;
    }

    @Override
    int valueBytes() {
        return target.length;
    }
}
