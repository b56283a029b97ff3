package weir.gateway.sampling;

/**
 * When undecided traces are due: two lists in the order of their deadlines, one of the traces that wait in full and one of
 * those whose root came. Each list has one wait, so what enters it last is due last and no wheel is needed. The links are in
 * the entries of the {@link TraceTable}. Belongs to who holds the shard's lock.
 */
final class Deadlines {
    private static final long LOW = 0xffff_ffffL;
    private static final int NONE = TraceTable.NONE;

    private final TraceTable table;
    private final int[] head = {NONE, NONE};
    private final int[] tail = {NONE, NONE};

    Deadlines(TraceTable table) {
        this.table = table;
    }

    /** Puts a trace at the end of a list. */
    void add(int entry, boolean afterRoot) {
        int list = afterRoot ? 1 : 0;
        int last = tail[list];
        links(entry, NONE, last);
        if (last == NONE) {
            head[list] = entry;
        } else {
            next(last, entry);
        }
        tail[list] = entry;
    }

    void remove(int entry, boolean afterRoot) {
        int list = afterRoot ? 1 : 0;
        long links = table.page(entry)[TraceTable.at(entry) + TraceTable.LINKS];
        int after = (int) (links >>> 32);
        int before = (int) links;
        if (before == NONE) {
            head[list] = after;
        } else {
            next(before, after);
        }
        if (after == NONE) {
            tail[list] = before;
        } else {
            previous(after, before);
        }
    }

    /**
     * Looks up traces that are due at a tick, the longest waiting first, without removing them: of one list at a time.
     *
     * @return how many; 0 if none is due
     */
    int due(int tick, int[] into) {
        int found = due(0, tick, into);
        return found > 0 ? found : due(1, tick, into);
    }

    private int due(int list, int tick, int[] into) {
        int n = 0;
        int entry = head[list];
        while (n < into.length && entry != NONE && tick - deadline(entry) >= 0) {
            into[n++] = entry;
            entry = (int) (table.page(entry)[TraceTable.at(entry) + TraceTable.LINKS] >>> 32);
        }
        return n;
    }

    /** The one that came first among the heads of the lists, or {@link TraceTable#NONE}. */
    int oldest() {
        int full = head[0];
        int rooted = head[1];
        if (full == NONE || rooted == NONE) {
            return full == NONE ? rooted : full;
        }
        return arrival(full) - arrival(rooted) <= 0 ? full : rooted;
    }

    private int deadline(int entry) {
        return (int) table.page(entry)[TraceTable.at(entry) + TraceTable.TICKS];
    }

    private int arrival(int entry) {
        return (int) (table.page(entry)[TraceTable.at(entry) + TraceTable.TICKS] >>> 32);
    }

    private void links(int entry, int next, int previous) {
        table.page(entry)[TraceTable.at(entry) + TraceTable.LINKS] = (long) next << 32 | (previous & LOW);
    }

    private void next(int entry, int next) {
        long[] page = table.page(entry);
        int at = TraceTable.at(entry) + TraceTable.LINKS;
        page[at] = (long) next << 32 | (page[at] & LOW);
    }

    private void previous(int entry, int previous) {
        long[] page = table.page(entry);
        int at = TraceTable.at(entry) + TraceTable.LINKS;
        page[at] = (page[at] & ~LOW) | (previous & LOW);
    }
}
