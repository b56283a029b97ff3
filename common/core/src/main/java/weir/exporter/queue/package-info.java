/**
 * What stands between a pipeline and a backend: a bounded queue that retries, without a thread of its own.
 *
 * <p>{@link weir.exporter.queue.SendingQueue} is the state machine; a sender is any {@link weir.pipeline.Consumer} that
 * makes one try. {@link weir.exporter.queue.SendingQueueConfig} and {@link weir.exporter.queue.RetryPolicy} are the
 * collector's {@code sending_queue} and {@code retry_on_failure}. What each outcome costs in the account is in
 * {@link weir.exporter.queue.Outcomes}, how much fits in {@link weir.exporter.queue.Capacity}.
 *
 * <p>With {@code sending_queue.storage}, a {@link weir.exporter.queue.StoredQueue} keeps batches in a journal and feeds such
 * a queue from it.
 */
@NullMarked
package weir.exporter.queue;

import org.jspecify.annotations.NullMarked;
