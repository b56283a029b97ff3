package weir.processor.resource;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import weir.attribute.AttributeActions;
import weir.attribute.AttributeStep;
import weir.otlp.Batch;
import weir.otlp.ResourceEdit;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Processor;

/** Passes batches on with the attributes of their resources changed; a batch that nothing changes in, as it is. */
final class ResourceProcessor implements Processor {
    /** About as many as threads pass batches at once; beyond that an editor is made for the one batch. */
    private static final int EDITORS = 16;

    private final ComponentContext context;
    private final Consumer next;
    private final List<AttributeStep> steps;
    private final ArrayBlockingQueue<Editor> editors = new ArrayBlockingQueue<>(EDITORS);

    ResourceProcessor(ComponentContext context, List<AttributeStep> steps, Consumer next) {
        this.context = context;
        this.next = next;
        this.steps = steps;
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Editor kept = editors.poll();
        Editor editor = kept == null ? new Editor(new ResourceEdit(), new AttributeActions(steps)) : kept;
        Batch edited = editor.resources.rewrite(batch, editor.actions);
        editors.offer(editor);
        context.ledger().pass(edited, next, done);
    }

    /** What edits one batch at a time. */
    private record Editor(ResourceEdit resources, AttributeActions actions) {}
}
