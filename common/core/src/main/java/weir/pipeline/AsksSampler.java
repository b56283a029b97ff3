package weir.pipeline;

/**
 * A component that wants to know what a sampler made of the traces that it saw. The engine brings them together when all
 * components are made; a configuration that names one is a {@link NamesSampler}.
 */
public interface AsksSampler {
    /** The id of the processor that is asked; empty: none. */
    String sampler();

    /** Called before the start, once, if one is asked. */
    void sampledBy(TraceVerdicts verdicts);
}
