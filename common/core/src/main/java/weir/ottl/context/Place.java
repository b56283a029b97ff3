package weir.ottl.context;

import weir.otlp.edit.MessageEdit;

/** Which message of the cursor's a path is about. */
@FunctionalInterface
interface Place {
    Place RESOURCE = item -> item.resourceLookedAt().message();
    Place SCOPE = item -> item.scopeLookedAt().message();
    Place MESSAGE = Item::message;
    Place PART = Item::part;

    MessageEdit of(Item item);
}
