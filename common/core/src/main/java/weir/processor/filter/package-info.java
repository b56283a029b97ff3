/**
 * {@code filter}: drops the spans, span events, metrics, data points and log records that meet one of its conditions. {@link
 * weir.processor.filter.FilterConfig} is what a file says, {@link weir.processor.filter.FilterSteps} what is done by it.
 */
@NullMarked
package weir.processor.filter;

import org.jspecify.annotations.NullMarked;
