package weir.pipeline;

/** A processor that can do the work of the one behind it while it does its own. The engine tells it which that is. */
public interface JoinsNext {
    /** Called before the start, at most once, when the next one was told of the one behind that. */
    void joinNext(Processor next);
}
