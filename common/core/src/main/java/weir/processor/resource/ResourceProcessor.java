package weir.processor.resource;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import weir.otlp.AttributeCursor;
import weir.otlp.AttributeEdit;
import weir.otlp.Batch;
import weir.otlp.ResourceEdit;
import weir.otlp.ResourceView;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Processor;

/**
 * Passes batches on with the attributes of their resources changed. Where all actions are about values that are known before,
 * no resource is looked into; else the attributes of each are read, worked on and compared.
 */
final class ResourceProcessor implements Processor {
    /** About as many as threads pass batches at once; beyond that an editor is made for the one batch. */
    private static final int EDITORS = 16;

    private final ComponentContext context;
    private final Consumer next;
    private final List<Action> actions;
    private final boolean known;
    private final ArrayBlockingQueue<Editor> editors = new ArrayBlockingQueue<>(EDITORS);

    ResourceProcessor(ComponentContext context, List<Action> actions, Consumer next) {
        this.context = context;
        this.next = next;
        this.actions = actions;
        this.known = actions.stream().allMatch(a -> a instanceof Action.Put || a instanceof Action.Delete);
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        Editor editor = editors.poll();
        if (editor == null) {
            editor = new Editor();
        }
        Batch edited = editor.edit(batch);
        editors.offer(editor);
        context.ledger().pass(edited, next, done);
    }

    /** What edits one batch at a time. */
    private final class Editor {
        private final ResourceEdit resources = new ResourceEdit();
        private final AttributeEdit edit = new AttributeEdit();
        private final AttributeCursor cursor = new AttributeCursor();

        Editor() {
            if (known) {
                for (Action action : actions) {
                    switch (action) {
                        case Action.Put put -> put.addTo(edit);
                        case Action.Delete delete -> edit.delete(delete.key());
                        default -> throw new IllegalStateException("a value that is not known before");
                    }
                }
            }
        }

        Batch edit(Batch batch) {
            return known ? resources.apply(batch, edit) : resources.apply(batch, this::editOf);
        }

        private @Nullable AttributeEdit editOf(ResourceView resource) {
            Map<String, byte[]> before = attributes(resource);
            Map<String, byte[]> after = new LinkedHashMap<>(before);
            actions.forEach(action -> action.apply(after));
            edit.clear();
            before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(edit::delete);
            after.forEach((key, value) -> {
                if (!Arrays.equals(before.get(key), value)) {
                    edit.upsert(key, value);
                }
            });
            return edit.isEmpty() ? null : edit;
        }

        private Map<String, byte[]> attributes(ResourceView resource) {
            Map<String, byte[]> attributes = new LinkedHashMap<>();
            resource.resourceAttributes(cursor);
            while (cursor.next()) {
                attributes.putIfAbsent(
                        cursor.key(), Arrays.copyOfRange(cursor.bytes(), cursor.valueFrom(), cursor.valueEnd()));
            }
            return attributes;
        }
    }
}
