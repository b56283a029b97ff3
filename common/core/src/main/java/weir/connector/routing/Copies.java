package weir.connector.routing;

import java.util.BitSet;
import java.util.EnumSet;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.ottl.context.ItemWalk;
import weir.ottl.context.Level;

/**
 * Knows of each item that is left of a request whether a copy of it went somewhere: where nothing is for the rest, those of
 * which none did are the dropped ones. To be used again; belongs to one thread.
 */
final class Copies {
    private final Level items;
    private BitSet copied = new BitSet();
    private BitSet next = new BitSet();

    private Level level = Level.RESOURCE;
    private BitSet nowCopied = copied;
    private BitSet nowMoved = copied;
    private int node;
    private int item;
    private int left;

    Copies(Signal signal) {
        items = signal == Signal.METRICS ? Level.PART : Level.ITEM;
    }

    /** Begins with a request. */
    void begin() {
        copied.clear();
    }

    /**
     * Looks at what a stage did.
     *
     * @param level of the stage, by whose things the sets count
     * @param copied what it copied
     * @param moved what it moved, and is not left
     */
    void follow(Batch batch, Level level, BitSet copied, BitSet moved) {
        this.level = level;
        nowCopied = copied;
        nowMoved = moved;
        node = -1;
        item = 0;
        left = 0;
        next.clear();
        new ItemWalk(EnumSet.of(level, items), false, (at, _) -> visit(at)).walk(batch);
        BitSet former = this.copied;
        this.copied = next;
        next = former;
    }

    private boolean visit(Level at) {
        if (at == level) {
            node++;
        }
        if (at == items) {
            boolean before = copied.get(item++);
            if (!nowMoved.get(node)) {
                next.set(left++, before || nowCopied.get(node));
            }
        }
        return true;
    }

    /** How many of the items that are left were copied. */
    int copied() {
        return copied.cardinality();
    }
}
