package weir.pipeline;

/** A configuration that names a processor which samples traces: it must stand in a pipeline. */
public interface NamesSampler {
    /** Where it is named, such as {@code exemplars.weir.kept_by}. */
    String samplerOption();

    /** Its id; empty: none is named. */
    String namedSampler();
}
