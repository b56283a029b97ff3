package weir.processor.attributes;

import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import weir.attribute.AttributeActions;
import weir.otlp.Batch;
import weir.otlp.Fields;
import weir.otlp.Signal;
import weir.otlp.TreeSplit;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Processor;
import weir.selection.ItemMatcher;
import weir.selection.MatchProperties;

/** Passes batches on with the attributes of their items changed; a batch that nothing changes in, as it is. */
final class AttributesProcessor implements Processor {
    /** About as many as threads pass batches at once; beyond that an editor is made for the one batch. */
    private static final int EDITORS = 16;

    /** The level of the message that says which kind of data points lie in it. */
    private static final int DATA_LEVEL = 3;

    private final ComponentContext context;
    private final AttributesConfig config;
    private final Signal signal;
    private final Consumer next;
    private final ArrayBlockingQueue<Editor> editors = new ArrayBlockingQueue<>(EDITORS);

    AttributesProcessor(ComponentContext context, AttributesConfig config, Consumer next) {
        this.context = context;
        this.config = config;
        this.signal = context.theSignal();
        this.next = next;
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Editor kept = editors.poll();
        Editor editor = kept == null ? new Editor() : kept;
        Batch edited = editor.edit(batch);
        editors.offer(editor);
        context.ledger().pass(edited, next, done);
    }

    /** What edits one batch at a time. */
    private final class Editor {
        private final TreeSplit tree = new TreeSplit();
        private final AttributeActions actions = new AttributeActions(config.actions());
        private final @Nullable ItemMatcher include = matcher(config.include());
        private final @Nullable ItemMatcher exclude = matcher(config.exclude());

        private @Nullable ItemMatcher matcher(@Nullable MatchProperties properties) {
            return properties == null ? null : new ItemMatcher(properties, TreeSplit.Leaf.itemOf(signal));
        }

        Batch edit(Batch batch) {
            tree.index(batch, TreeSplit.Leaf.itemOf(signal));
            if (include != null) {
                include.begin();
            }
            if (exclude != null) {
                exclude.begin();
            }
            for (int i = 0; i < tree.leaves(); i++) {
                if (isMeant(batch.bytes(), i) && actions.apply(batch.bytes(), tree.from(i), tree.end(i), field(i))) {
                    tree.replace(i, actions.bytes(), actions.from(), actions.end());
                }
            }
            return tree.edited();
        }

        private boolean isMeant(byte[] b, int item) {
            return (include == null || include.matches(b, tree, item))
                    && (exclude == null || !exclude.matches(b, tree, item));
        }

        /** Which field of an item holds its attributes. */
        private int field(int item) {
            return switch (signal) {
                case TRACES -> Fields.SPAN_ATTRIBUTES;
                case LOGS -> Fields.LOG_ATTRIBUTES;
                case METRICS ->
                    switch (tree.field(tree.above(item, DATA_LEVEL))) {
                        case Fields.METRIC_HISTOGRAM -> Fields.HISTOGRAM_POINT_ATTRIBUTES;
                        case Fields.METRIC_EXPONENTIAL_HISTOGRAM -> Fields.EXPONENTIAL_POINT_ATTRIBUTES;
                        case Fields.METRIC_SUMMARY -> Fields.SUMMARY_POINT_ATTRIBUTES;
                        default -> Fields.NUMBER_POINT_ATTRIBUTES;
                    };
            };
        }
    }
}
