/**
 * {@code batch}: gathers small requests into large ones.
 *
 * <p>Concatenated protobuf messages are a merged message, so {@link weir.processor.batch.BatchProcessor} gathers by
 * appending bytes. Unlike the collector's it does not lose what the next component refuses: it answers its senders only because
 * it holds their data itself, within a bound, and offers it again. {@link weir.processor.batch.RequestCutter} cuts
 * where {@code send_batch_max_size} says so.
 */
@NullMarked
package weir.processor.batch;

import org.jspecify.annotations.NullMarked;
