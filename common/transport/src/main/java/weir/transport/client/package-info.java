/**
 * One try at sending one OTLP request: {@link weir.transport.client.GrpcSender} and
 * {@link weir.transport.client.HttpSender}. Queue and retries are in front of them, in {@code weir.exporter.queue}; what
 * an answer means for a delivery is in {@link weir.transport.client.Answers}.
 */
@NullMarked
package weir.transport.client;

import org.jspecify.annotations.NullMarked;
