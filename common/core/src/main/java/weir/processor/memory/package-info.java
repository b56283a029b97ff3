/**
 * {@code memory_limiter}: refuses new work, retryably, while the components hold more bytes than the process can carry.
 *
 * <p>{@link weir.processor.memory.MemoryLimit} turns the options into bytes, {@link weir.processor.memory.ContainerMemory} knows
 * what the container has, {@link weir.processor.memory.DrainRate} how long a refused sender should wait.
 */
@NullMarked
package weir.processor.memory;

import org.jspecify.annotations.NullMarked;
