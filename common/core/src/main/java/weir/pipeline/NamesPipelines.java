package weir.pipeline;

import java.util.Map;

/** A connector's configuration that tells pipelines apart: each that it names must have the connector as a receiver. */
public interface NamesPipelines {
    /** The pipelines' names by where they stand, such as {@code table[2].pipelines[0]}, in the file's order. */
    Map<String, String> namedPipelines();
}
