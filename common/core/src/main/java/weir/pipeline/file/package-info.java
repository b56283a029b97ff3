/**
 * The pipeline file as the collector's users know it: loaded into a model of components and pipelines, or explained when
 * it is wrong.
 *
 * <p>Start at {@link weir.pipeline.file.PipelineFiles#load}. What the collector has and Weir does not is told from the
 * tables among the resources, read by {@link weir.pipeline.file.CollectorFacts}.
 */
@NullMarked
package weir.pipeline.file;

import org.jspecify.annotations.NullMarked;
