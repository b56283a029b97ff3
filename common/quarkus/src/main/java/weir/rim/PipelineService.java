package weir.rim;

import java.util.Optional;
import weir.pipeline.Components;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.PipelineModel;

/** A service whose file is a pipeline file. */
public interface PipelineService extends Service {
    /** The component types that it knows. */
    Components components();

    @Override
    default String name() {
        return components().service();
    }

    @Override
    default String builtInFile() {
        return "weir/" + name() + ".yaml";
    }

    /** Loads a file with this service's components and the process's environment. */
    default LoadResult load(String fileName, String text) {
        return PipelineFiles.load(fileName, text, components(), System::getenv);
    }

    /**
     * Where a file has others call this process.
     *
     * @throws IllegalArgumentException with a sentence, for a file that cannot be used
     */
    default Optional<Plan.Address> controlPlane(PipelineModel model) {
        return Optional.empty();
    }

    @Override
    default Plan plan(String fileName, String text) {
        LoadResult result = load(fileName, text);
        PipelineModel model = result.model();
        if (model == null) {
            return Plan.unusable(result.render(false));
        }
        Optional<Plan.Address> telemetry =
                model.telemetry().endpoint().map(at -> new Plan.Address(at.host(), at.port()));
        try {
            return new Plan(
                    true,
                    result.render(false),
                    telemetry,
                    Optional.empty(),
                    controlPlane(model),
                    model.telemetry().logs().level().name());
        } catch (IllegalArgumentException e) {
            return Plan.unusable(fileName + ": " + e.getMessage());
        }
    }
}
