package weir.ottl.context;

import weir.pipeline.JoinsNext;
import weir.pipeline.Processor;

/** A processor that goes over the items of requests with statements or conditions. */
public interface EditsItems extends Processor, JoinsNext {
    /** What it does. */
    LivePrograms programs();

    @Override
    default void joinNext(Processor next) {
        if (next instanceof EditsItems other) {
            programs().join(other.programs());
        }
    }
}
