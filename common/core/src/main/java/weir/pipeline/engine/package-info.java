/**
 * Runs what a pipeline file describes: makes the components, joins them by consumers, starts and stops them in order.
 *
 * <p>Start at {@link weir.pipeline.engine.PipelineEngine}. {@link weir.pipeline.engine.Guard} stands before every
 * component and {@link weir.pipeline.engine.FanOut} where a way forks; both cost one small object per batch.
 */
@NullMarked
package weir.pipeline.engine;

import org.jspecify.annotations.NullMarked;
