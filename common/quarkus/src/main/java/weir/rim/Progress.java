package weir.rim;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import weir.pipeline.engine.PipelineEngine.Trouble;

/** Ready means that every component makes progress, not that a port is open. */
@Readiness
@ApplicationScoped
class Progress implements HealthCheck {
    private final PipelineLifecycle pipeline;

    Progress(PipelineLifecycle pipeline) {
        this.pipeline = pipeline;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("pipeline");
        if (!pipeline.failure().isEmpty()) {
            response.withData("failure", pipeline.failure());
        }
        if (!pipeline.fileTrouble().isEmpty()) {
            // What ran before still runs, so this does not make it less ready.
            response.withData("file", pipeline.fileTrouble());
        }
        var troubles = pipeline.troubles();
        for (Trouble trouble : troubles) {
            String where = trouble.kind() + " " + trouble.id()
                    + (trouble.pipeline().isEmpty() ? "" : " (" + trouble.pipeline() + ")");
            response.withData(where, trouble.text());
        }
        return response.status(pipeline.failure().isEmpty() && troubles.isEmpty())
                .build();
    }
}
