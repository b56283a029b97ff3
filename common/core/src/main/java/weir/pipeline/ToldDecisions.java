package weir.pipeline;

import java.time.Duration;
import java.util.List;

/**
 * What one sampler decided lately about traces, as samplers of other processes are told it.
 *
 * @param gateway the name among the members of the one that decided
 * @param sampler which one there, as {@link SharesDecisions#sampler} has it
 * @param seed of the hashes of trace ids
 * @param policies names, as verdicts count them; the first one is number 2
 * @param words a decision each, as weir.gateway.v1 lays it out; not to be changed
 * @param known for how long somebody else than who decided has known them
 */
public record ToldDecisions(
        String gateway, String sampler, long seed, List<String> policies, long[] words, Duration known) {}
