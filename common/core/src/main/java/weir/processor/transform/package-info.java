/**
 * {@code transform}: edits telemetry by statements. {@link weir.processor.transform.TransformConfig} is what a file says,
 * {@link weir.processor.transform.TransformSteps} what is done by it.
 */
@NullMarked
package weir.processor.transform;

import org.jspecify.annotations.NullMarked;
