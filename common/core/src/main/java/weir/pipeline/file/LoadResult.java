package weir.pipeline.file;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Problem;

/**
 * What became of a pipeline file.
 *
 * @param model null if it has errors
 * @param problems errors and warnings, in the file's order
 */
public record LoadResult(@Nullable PipelineModel model, List<Problem> problems) {
    /** All problems for people; empty if there are none. */
    public String render(boolean colour) {
        return Problem.render(problems, colour);
    }

    /** @throws IllegalStateException with all problems, if there is no model */
    public PipelineModel orThrow() {
        if (model == null) {
            throw new IllegalStateException("the pipeline file cannot be used\n" + render(false));
        }
        return model;
    }
}
