/**
 * What the services share of Quarkus: the start from a pipeline file, the pipeline's lifecycle, health, and Weir's metrics
 * on Quarkus' metrics page.
 *
 * <p>A service's {@code main} hands a {@link weir.rim.Service} to {@link weir.rim.ServiceMain}, which looks at the file
 * before Quarkus starts, so that a mistake is a sentence and not a stack trace. Then {@link weir.rim.PipelineLifecycle}
 * starts, drains and closes the engine as the application comes and goes.
 */
@NullMarked
package weir.rim;

import org.jspecify.annotations.NullMarked;
