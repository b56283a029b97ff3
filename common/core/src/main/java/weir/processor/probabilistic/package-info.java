/**
 * {@code probabilistic_sampler}: keeps a share of spans or log records, each by itself.
 * {@link weir.processor.probabilistic.ItemSampler} decides, {@link weir.processor.probabilistic.SpanSampler} and
 * {@link weir.processor.probabilistic.LogSampler} know where an item says what was decided before, and write down what is now.
 */
@NullMarked
package weir.processor.probabilistic;

import org.jspecify.annotations.NullMarked;
