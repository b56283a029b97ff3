package weir.pipeline;

/**
 * A component that holds traces and hands over those that others come to own. The engine tells it of the one before it in
 * its pipeline that knows the owners, if there is one.
 */
public interface HandsOver {
    /** Called before the start, at most once. */
    void handOverTo(TraceOwners owners);
}
