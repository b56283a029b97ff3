/**
 * The allocator's file: the Target Allocator's own, read with positions. {@link weir.allocator.config.AllocatorConfig} is its
 * shape, {@link weir.allocator.config.AllocatorFile} reads it, {@link weir.allocator.config.ScrapeJobs} makes jobs of it.
 */
@NullMarked
package weir.allocator.config;

import org.jspecify.annotations.NullMarked;
