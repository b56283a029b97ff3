package weir.pipeline;

import java.nio.file.Path;
import java.time.InstantSource;
import weir.flow.HeldBytes;

/**
 * What all components of one process share.
 *
 * @param service agent, gateway or allocator
 * @param version of Weir
 * @param instance a name for this process that is unique among its peers, such as the pod's
 * @param dataDirectory where components may keep files of their own; made when first needed
 * @param clock wall clock, for timestamps only; waits are measured with {@code Timer.nanoTime}
 * @param held the sum of what all components hold, in bytes
 * @param recent what was decided and kept lately, for the console
 */
public record ProcessContext(
        String service,
        String version,
        String instance,
        Path dataDirectory,
        InstantSource clock,
        HeldBytes held,
        RecentTraces recent) {}
