package weir.gateway.ownership;

import org.jspecify.annotations.Nullable;
import weir.hash.Membership;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;
import weir.otlp.TraceSplit;

/**
 * Finds the owners of a request's traces and cuts it by them. Holds the scratch that one request needs; to be used again and
 * again, by one thread at a time.
 */
final class Cutter {
    private final TraceIndex scratch = new TraceIndex();
    private final TraceSplit split = new TraceSplit();
    private int[] owner = new int[64];

    /**
     * Cuts a request.
     *
     * @param self the position of this gateway among the members; -1: it is none of them
     * @return the part of each member, null for those who own nothing; null if this gateway owns all of it
     */
    @Nullable
    Batch @Nullable [] cut(Batch batch, Membership members, int self) throws MalformedOtlpException {
        TraceIndex index = batch.index(scratch);
        int spans = index.spans();
        if (owner.length < spans) {
            owner = new int[Math.max(spans, 2 * owner.length)];
        }
        boolean foreign = false;
        long high = 0;
        long low = 0;
        int to = -1;
        for (int i = 0; i < spans; i++) {
            if (to < 0 || index.traceIdHigh(i) != high || index.traceIdLow(i) != low) {
                high = index.traceIdHigh(i);
                low = index.traceIdLow(i);
                to = members.ownerOf(high, low);
                foreign |= to != self;
            }
            owner[i] = to;
        }
        if (!foreign) {
            return null;
        }
        split.split(index, owner, members.size());
        @Nullable Batch[] parts = new Batch[members.size()];
        for (int i = 0; i < parts.length; i++) {
            if (split.spans(i) > 0) {
                parts[i] = split.batch(i);
            }
        }
        return parts;
    }
}
