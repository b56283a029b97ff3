/**
 * The {@code tail_sampling} processor: holds spans until their traces are likely complete, then keeps or drops each trace
 * whole.
 *
 * <pre>
 * event loops                 shards (num_shards), a lock and a thread each              next component
 * TailSamplingProcessor  --&gt;  TraceShard: queue, turns                            --&gt;  Outbox, OpenDeliveries: retries
 *   admission, shards           TraceBuffer: append, decide, keep, relieve, compact
 *                                 TraceTable, TraceSummary, Deadlines   one entry of 72 bytes a trace
 *                                 SpanLog                               12 bytes and its message a span
 *                                 DecisionMemory                        8 bytes a decision; DecisionFile over restarts
 *   TraceJournal                  ShardJournal                          what was acknowledged, decided, delivered: on disk
 *   JournalReplay                                                       what a killed process left
 *                                 HandOver, Parcel, Departures          what others own now, on its way to them
 *                                 RequestWriter                         kept spans, gathered into requests
 *                                 Decisions: PolicySet, SamplingPolicy  what becomes of a trace
 *                                   ArrivalConditions, OttlArrivals     what policies ask when a span comes
 * </pre>
 *
 * <p>Start at {@link weir.gateway.sampling.TraceBuffer}. What belongs to a shard is touched by who holds its
 * lock, taken for whole requests and turns and never waited for by event loops; it is made of primitive arrays that are used again and again, so that neither spans nor traces are objects.
 *
 * <p>To add a policy: a record in {@link weir.gateway.sampling.SamplingPolicy}, its section in
 * {@link weir.gateway.sampling.PolicyConfig}, a line in {@link weir.gateway.sampling.PolicyChecks} and
 * {@link weir.gateway.sampling.PolicyCompiler}; if it asks about single spans, a
 * {@link weir.gateway.sampling.match.SpanCondition} too. The compiler names the other places.
 */
@NullMarked
package weir.gateway.sampling;

import org.jspecify.annotations.NullMarked;
