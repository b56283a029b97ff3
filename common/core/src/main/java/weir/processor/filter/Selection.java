package weir.processor.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.otlp.TreeSplit;
import weir.selection.ItemMatcher;
import weir.selection.MatchProperties;

/**
 * What include and exclude leave of requests: spans, log records or metrics that match all of the one and nothing of the other.
 * For any thread.
 */
final class Selection {
    /** Kept for threads that bring requests at once; beyond that they are made for the one request. */
    private static final int KEPT = 16;

    /** What one request at a time is looked at with. */
    private static final class Pass {
        final TreeSplit tree = new TreeSplit();
        final List<ItemMatcher> wanted = new ArrayList<>();
        final List<ItemMatcher> unwanted = new ArrayList<>();
        int[] destination = {};
    }

    private final TreeSplit.Leaf leaf;
    private final List<MatchProperties> wanted;
    private final List<MatchProperties> unwanted;
    private final Queue<Pass> free = new ArrayBlockingQueue<>(KEPT);

    /**
     * @param wanted all of these must match
     * @param unwanted none of these may
     */
    Selection(Signal signal, List<MatchProperties> wanted, List<MatchProperties> unwanted) {
        this.leaf = signal == Signal.METRICS ? TreeSplit.Leaf.METRIC : TreeSplit.Leaf.itemOf(signal);
        this.wanted = List.copyOf(wanted);
        this.unwanted = List.copyOf(unwanted);
    }

    /** Whether everything stays. */
    boolean isAll() {
        return wanted.isEmpty() && unwanted.isEmpty();
    }

    /** What is left of a request, which is the request itself if nothing goes; null if nothing is left. */
    @Nullable
    Batch of(Batch batch) {
        Pass kept = free.poll();
        Pass pass = kept == null ? made() : kept;
        Batch left = of(batch, pass);
        free.offer(pass);
        return left;
    }

    private Pass made() {
        Pass pass = new Pass();
        wanted.forEach(properties -> pass.wanted.add(new ItemMatcher(properties, leaf)));
        unwanted.forEach(properties -> pass.unwanted.add(new ItemMatcher(properties, leaf)));
        return pass;
    }

    private @Nullable Batch of(Batch batch, Pass pass) {
        pass.tree.index(batch, leaf);
        pass.wanted.forEach(ItemMatcher::begin);
        pass.unwanted.forEach(ItemMatcher::begin);
        int leaves = pass.tree.leaves();
        if (pass.destination.length < leaves) {
            pass.destination = new int[leaves];
        }
        int left = 0;
        for (int i = 0; i < leaves; i++) {
            boolean stays =
                    all(pass.wanted, true, batch, pass.tree, i) && all(pass.unwanted, false, batch, pass.tree, i);
            pass.destination[i] = stays ? 1 : 0;
            left += pass.destination[i];
        }
        if (left == 0) {
            return null;
        } else if (left == leaves) {
            return batch;
        }
        Batch some = pass.tree.batch(pass.destination, 1);
        return batch.routedBy() != 0 || batch.isForwarded() ? some.routed(batch.routedBy(), batch.isForwarded()) : some;
    }

    private static boolean all(List<ItemMatcher> matchers, boolean match, Batch batch, TreeSplit tree, int item) {
        for (int i = 0; i < matchers.size(); i++) {
            if (matchers.get(i).matches(batch.bytes(), tree, item) != match) {
                return false;
            }
        }
        return true;
    }
}
