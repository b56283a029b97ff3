package weir.connector.spanmetrics;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A resource that spans were counted of, and how many series it has. Belongs to one thread at a time. */
final class ResourceSeries {
    static final int NONE = -1;

    /** Tells it apart in keys of series; never given again. */
    final int number;

    /** What it is told apart by, in order. */
    final ByteBuffer identity;

    /** The fields of a Resource message: its attributes. */
    final byte[] attributes;

    /** Whether it stands for all resources that there was no room for. */
    final boolean overflow;

    /** By family. */
    final int[] series;
    /** By family: the series of what there was no room for, or {@link #NONE}. */
    final int[] overflowSeries;

    long lastSeenNanos;
    /** Larger, the later it was used. */
    long used;
    /** Beyond the limit: it is forgotten when it was shown once more. */
    boolean evicted;

    ResourceSeries(int number, ByteBuffer identity, byte[] attributes, boolean overflow, int families) {
        this.number = number;
        this.identity = identity;
        this.attributes = attributes;
        this.overflow = overflow;
        this.series = new int[families];
        this.overflowSeries = new int[families];
        Arrays.fill(overflowSeries, NONE);
    }

    void forgetSeries(int family) {
        series[family] = 0;
        overflowSeries[family] = NONE;
    }

    int heldBytes() {
        return 96 + identity.capacity() + attributes.length + 8 * series.length;
    }
}
