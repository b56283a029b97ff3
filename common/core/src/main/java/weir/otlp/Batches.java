package weir.otlp;

import java.util.List;

/** What holds for whole requests. */
public final class Batches {
    private Batches() {}

    /** One request of several of one signal, in their order: protobuf merges messages that are written one after another. */
    public static Batch concat(List<Batch> batches) {
        if (batches.size() == 1) {
            return batches.getFirst().withoutIndex();
        }
        Signal signal = batches.getFirst().signal();
        int length = 0;
        int items = 0;
        for (Batch batch : batches) {
            if (batch.signal() != signal) {
                throw new IllegalArgumentException("cannot join " + signal + " and " + batch.signal());
            }
            length = Math.addExact(length, batch.length());
            items += batch.items();
        }
        byte[] bytes = new byte[length];
        int at = 0;
        for (Batch batch : batches) {
            System.arraycopy(batch.bytes(), batch.offset(), bytes, at, batch.length());
            at += batch.length();
        }
        return Batch.of(signal, bytes, items);
    }
}
