package weir.pipeline.file;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import weir.pipeline.Components;

/** Looks at a pipeline file and says what is wrong with it, without running it: {@code weir check}. */
public final class FileCheck {
    /** The file is good, with or without warnings. */
    public static final int GOOD = 0;
    /** The file has errors. */
    public static final int ERRORS = 1;
    /** The file could not be looked at. */
    public static final int UNREADABLE = 2;

    private FileCheck() {}

    /** @return the exit status */
    public static int run(Path file, Components components, PrintStream out) {
        LoadResult result;
        try {
            result = PipelineFiles.load(file, components);
        } catch (NoSuchFileException e) {
            out.println("there is no file " + file);
            return UNREADABLE;
        } catch (IOException e) {
            out.println(file + " cannot be read: " + e.getMessage());
            return UNREADABLE;
        }
        out.print(result.render(false));
        PipelineModel model = result.model();
        if (model == null) {
            return ERRORS;
        }
        int pipelines = model.pipelines().size();
        out.println(file + " is a good " + components.service() + " file: " + pipelines
                + (pipelines == 1 ? " pipeline" : " pipelines"));
        return GOOD;
    }
}
