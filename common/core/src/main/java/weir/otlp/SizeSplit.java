package weir.otlp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a request of any signal into several of a bounded size, in the order in which its spans, data points or log records lie.
 * These stay whole; one that is larger than the bound, with the resource and scope that it lies in, is alone in a larger
 * request. What has no items in it is left out.
 *
 * <p>To be used again and again by one thread at a time.
 */
public final class SizeSplit {
    /** A tag and a length of a message that fits into an array. */
    private static final int MOST_HEAD_BYTES = 6;

    private static final int NOTHING = -1;

    private final TreeSplit tree = new TreeSplit();
    private int[] part = new int[64];
    /** The message at each level that holds the item before. */
    private final int[] around = new int[4];

    /**
     * The parts of a batch, which go where it goes; the batch itself if it is one.
     *
     * @param maxBytes the most that a part should take
     */
    public List<Batch> split(Batch batch, int maxBytes) {
        if (batch.length() <= maxBytes || batch.items() <= 1) {
            return List.of(batch);
        }
        TreeSplit.Leaf leaf = TreeSplit.Leaf.itemOf(batch.signal());
        tree.index(batch, leaf);
        int parts = assign(leaf, maxBytes);
        List<Batch> split = new ArrayList<>(parts);
        for (int i = 0; i < parts; i++) {
            split.add(tree.cut(part, i).routed(batch.routedBy(), batch.isForwarded()));
        }
        return split;
    }

    private int assign(TreeSplit.Leaf leaf, int maxBytes) {
        if (part.length < tree.leaves()) {
            part = new int[tree.leaves()];
        }
        int parts = 0;
        long size = 0;
        Arrays.fill(around, NOTHING);
        for (int i = 0; i < tree.leaves(); i++) {
            long more = addedBy(i, leaf);
            if (i == 0 || size + more > maxBytes) {
                parts++;
                size = 0;
                Arrays.fill(around, NOTHING);
                more = addedBy(i, leaf);
            }
            for (int at = 0; at < leaf.level(); at++) {
                around[at] = tree.above(i, at);
            }
            size += more;
            part[i] = parts - 1;
        }
        return parts;
    }

    /** What a request grows by at the most with an item, and with what it lies in unless that is there. */
    private long addedBy(int item, TreeSplit.Leaf leaf) {
        long bytes = (long) tree.end(item) - tree.from(item) + MOST_HEAD_BYTES;
        for (int at = 0; at < leaf.level(); at++) {
            int node = tree.above(item, at);
            bytes += node == around[at] ? 0 : tree.headBytes(node) + MOST_HEAD_BYTES;
        }
        return bytes;
    }
}
