package weir.gateway.sampling;

import org.jspecify.annotations.Nullable;

/**
 * The instruments of one set of policies, shared by the shards.
 *
 * @param shadow null if there are no shadow policies
 */
record PolicyInstruments(PolicyMetrics live, Shadow.@Nullable Instruments shadow) {}
