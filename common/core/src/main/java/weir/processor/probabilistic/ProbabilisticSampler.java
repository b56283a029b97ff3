package weir.processor.probabilistic;

import java.util.concurrent.ArrayBlockingQueue;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.otlp.TreeSplit;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Processor;
import weir.pipeline.Reason;

/** Passes on a share of each batch; what nothing is changed about is passed on as it is. Safe for use by any thread. */
final class ProbabilisticSampler implements Processor {
    /** About as many as threads pass batches at once; beyond that one is made for the one batch. */
    private static final int KEPT_CUTTERS = 16;

    private static final int KEPT = 0;
    private static final int DROPPED = 1;

    private final ProbabilisticSamplerConfig config;
    private final Decider decider;
    private final Policies policies;
    private final Signal signal;
    private final Ledger ledger;
    private final Consumer next;
    private final ArrayBlockingQueue<Cutter> cutters = new ArrayBlockingQueue<>(KEPT_CUTTERS);

    ProbabilisticSampler(ComponentContext context, ProbabilisticSamplerConfig config, Consumer next) {
        this.config = config;
        this.decider = new Decider(config);
        this.policies = new Policies(context, config.fromAttribute());
        this.signal = context.theSignal();
        this.ledger = context.ledger();
        this.next = next;
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Cutter kept = cutters.poll();
        Cutter cutter = kept == null ? new Cutter() : kept;
        Batch part = cutter.cut(batch);
        cutters.offer(cutter);
        int items = batch.items();
        int dropped = items - part.items();
        ledger.received(items);
        if (dropped == items) {
            ledger.dropped(Reason.NOT_SAMPLED, dropped);
            done.complete(Delivery.ACCEPTED);
            return;
        }
        next.consume(part, done.after(delivery -> {
            switch (delivery) {
                case Delivery.Accepted _, Delivery.Partial _ -> {
                    ledger.dropped(Reason.NOT_SAMPLED, dropped);
                    ledger.settle(part.items(), delivery);
                }
                // Nothing of the batch was taken, and it may come again.
                case Delivery.RetryLater _, Delivery.Rejected _ -> ledger.settle(items, delivery);
            }
        }));
    }

    /** What cuts one batch at a time. */
    private final class Cutter {
        private final TreeSplit tree = new TreeSplit();
        private final ItemSampler sampler = signal == Signal.LOGS
                ? new LogSampler(config, decider, policies)
                : new SpanSampler(config, decider, policies);
        private int[] fate = new int[64];

        Batch cut(Batch batch) {
            tree.index(batch, TreeSplit.Leaf.itemOf(signal));
            int items = tree.leaves();
            if (fate.length < items) {
                fate = new int[items];
            }
            int dropped = 0;
            for (int i = 0; i < items; i++) {
                boolean keeps = sampler.keeps(batch.bytes(), tree.from(i), tree.end(i));
                fate[i] = keeps ? KEPT : DROPPED;
                dropped += keeps ? 0 : 1;
                if (keeps && sampler.isChanged()) {
                    tree.replace(i, sampler.out.bytes(), 0, sampler.out.size());
                }
            }
            return dropped == 0 ? tree.edited() : tree.batch(fate, KEPT).routed(batch.routedBy(), batch.isForwarded());
        }
    }
}
